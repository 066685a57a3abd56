import type { Model } from '../src/tui/model.ts';
import type { Rect } from '../src/tui/selectors/layout.ts';
import { detailLines } from './detail-lines.ts';
import type { Painter } from './painter.ts';
import { Rows } from './Rows.tsx';

/** The history of the selected path. */
export function DetailPane({
  model,
  rect,
  painter,
}: {
  readonly model: Model;
  readonly rect: Rect;
  readonly painter: Painter;
}) {
  return <Rows rect={rect} lines={detailLines(model, painter, rect.width, rect.height)} />;
}
