import { fit } from '../src/text/fit.ts';
import type { Model } from '../src/tui/model.ts';
import type { Overlay } from '../src/tui/overlay.ts';
import { imageEntries } from '../src/tui/selectors/image-entries.ts';
import { overlaySize } from '../src/tui/selectors/layout.ts';
import { scrolledTop } from '../src/tui/selectors/scrolled-top.ts';
import { Frame } from './Frame.tsx';
import { highlighted } from './highlight.ts';
import type { Segment } from '../src/tui/columns/segment.ts';
import type { Painter } from './painter.ts';
import { editText } from './prompt-line.ts';

const INDEX_WIDTH = 4;
const PLATFORM_WIDTH = 16;
/** The algorithm and the first digits. */
const DIGEST_WIDTH = 20;

/** The images of the archive, by number, name, platform and digest. */
export function ImagesOverlay({
  model,
  overlay,
  painter,
}: {
  readonly model: Model;
  readonly overlay: Extract<Overlay, { kind: 'images' }>;
  readonly painter: Painter;
}) {
  const inner = overlaySize(model.size);
  const { columns } = inner;
  const entries = imageEntries(model, overlay);
  const room = inner.rows - 2;
  const top = scrolledTop(0, overlay.cursor, entries.length, room);
  const nameWidth = Math.max(8, columns - INDEX_WIDTH - PLATFORM_WIDTH - DIGEST_WIDTH - 4);
  const lines = entries.slice(top, top + room).map(({ image, letters, name }, i) => {
    const isSelected = top + i === overlay.cursor;
    const isOpen = image.index === model.images.current;
    const last = image.missing === null ? image.digest : 'cannot be opened';
    const segments: readonly Segment[] = [
      ['accent', isSelected ? '> ' : '  '],
      ['key', isOpen ? '* ' : '  '],
      ['dim', fit(String(image.index + 1), INDEX_WIDTH)],
      ...highlighted(fit(name, nameWidth), letters, 'text'),
      ['text', fit(image.platform, PLATFORM_WIDTH)],
      [image.missing === null ? 'dim' : 'error', fit(last, DIGEST_WIDTH)],
    ];
    return isSelected ? painter.selected(segments, true) : painter.row(segments);
  });
  const line = painter.paint('key', '> ') + editText(overlay.line, painter, columns - 2);
  return (
    <Frame
      title="Images in this archive; * is open"
      screen={model.size}
      inner={inner}
      lines={[line, ' '.repeat(columns), ...lines]}
      painter={painter}
    />
  );
}
