import { fit } from '../src/text/fit.ts';
import type { Model } from '../src/tui/model.ts';
import type { Overlay } from '../src/tui/overlay.ts';
import { overlaySize } from '../src/tui/selectors/layout.ts';
import { paletteEntries } from '../src/tui/palette-entries.ts';
import { scrolledTop } from '../src/tui/selectors/scrolled-top.ts';
import { Frame } from './Frame.tsx';
import { highlighted } from './highlight.ts';
import type { Painter } from './painter.ts';
import { editText } from './prompt-line.ts';

const TITLE_WIDTH = 28;
const KEY_WIDTH = 8;

/** The commands that are available in the focused pane, by name. */
export function Palette({
  model,
  overlay,
  painter,
}: {
  readonly model: Model;
  readonly overlay: Extract<Overlay, { kind: 'palette' }>;
  readonly painter: Painter;
}) {
  const inner = overlaySize(model.size);
  const { columns } = inner;
  const entries = paletteEntries(model, overlay);
  const room = inner.rows - 2;
  const top = scrolledTop(0, overlay.cursor, entries.length, room);
  const lines = entries.slice(top, top + room).map(({ title, help, key, letters }, i) => {
    const isSelected = top + i === overlay.cursor;
    const segments = [
      ['accent', isSelected ? '> ' : '  '] as const,
      ...highlighted(fit(title, TITLE_WIDTH), letters, 'text'),
      ['key', fit(key, KEY_WIDTH)] as const,
      ['dim', fit(help, Math.max(0, columns - TITLE_WIDTH - KEY_WIDTH - 2))] as const,
    ];
    return isSelected ? painter.selected(segments, true) : painter.row(segments);
  });
  const line = painter.paint('key', '> ') + editText(overlay.line, painter, columns - 2);
  return (
    <Frame
      title="Commands"
      screen={model.size}
      inner={inner}
      lines={[line, painter.paint('dim', fit(entries.length === 0 ? '  no match' : '', columns)), ...lines]}
      painter={painter}
    />
  );
}
