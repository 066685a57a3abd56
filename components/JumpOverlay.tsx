import { fit } from '../src/text/fit.ts';
import type { Model } from '../src/tui/model.ts';
import type { Overlay } from '../src/tui/overlay.ts';
import { displayWidth } from '../src/text/width.ts';
import { overlaySize } from '../src/tui/selectors/layout.ts';
import { scrolledTop } from '../src/tui/selectors/scrolled-top.ts';
import { Frame } from './Frame.tsx';
import { highlighted } from './highlight.ts';
import type { Segment } from '../src/tui/columns/segment.ts';
import type { Painter } from './painter.ts';
import { editText } from './prompt-line.ts';

/** The fuzzy search of the paths of all layers. */
export function JumpOverlay({
  model,
  overlay,
  painter,
}: {
  readonly model: Model;
  readonly overlay: Extract<Overlay, { kind: 'jump' }>;
  readonly painter: Painter;
}) {
  const inner = overlaySize(model.size);
  const { columns } = inner;
  const room = inner.rows - 2;
  const top = scrolledTop(0, overlay.cursor, overlay.found.length, room);
  const lines = overlay.found.slice(top, top + room).map((found, i) => {
    const isSelected = top + i === overlay.cursor;
    const segments: Segment[] = [
      ['accent', isSelected ? '> ' : '  '],
      ...pathSegments(found.text, found.letters, columns - 2),
    ];
    return isSelected ? painter.selected(segments, true) : painter.row(segments);
  });
  const line = painter.paint('key', '> ') + editText(overlay.line, painter, columns - 2);
  const status = painter.paint('dim', fit(statusText(model, overlay), columns));
  return (
    <Frame
      title="Go to path, in any layer"
      screen={model.size}
      inner={inner}
      lines={[line, status, ...lines]}
      painter={painter}
    />
  );
}

/** Cuts a long path on the left: its end matters more. */
function pathSegments(text: string, letters: readonly number[], width: number): readonly Segment[] {
  const fitted = fit(text, width, { cut: 'start' });
  const cut = displayWidth(text) > width ? text.length - fitted.length : 0;
  return highlighted(
    fitted,
    letters.map((letter) => letter - cut).filter((letter) => letter > (cut > 0 ? 0 : -1)),
    'text',
  );
}

function statusText(model: Model, overlay: Extract<Overlay, { kind: 'jump' }>): string {
  const total = (model.stacked?.ledger.paths.count ?? 1) - 1;
  if (overlay.line.before + overlay.line.after === '') return `${total} paths`;
  const searching = overlay.searched < overlay.total || overlay.total === 0 ? ', searching' : '';
  return `${overlay.matches} of ${total} paths${searching}`;
}
