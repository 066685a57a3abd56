import { layOut, titleLine } from '../src/tui/columns/column-layout.ts';
import { layerColumns } from '../src/tui/panes/layer-columns.ts';
import { rowSegments } from '../src/tui/columns/row-segments.ts';
import type { Model } from '../src/tui/model.ts';
import { largestSize, layerRows } from '../src/tui/selectors/layer-rows.ts';
import { listRows, type Rect } from '../src/tui/selectors/layout.ts';
import { paneTitle } from './pane-title.ts';
import type { Painter } from './painter.ts';
import { SELECTED, UNSELECTED } from './row-lead.ts';
import { Rows } from './Rows.tsx';

/** The layers, one line per instruction. */
export function LayersPane({
  model,
  rect,
  painter,
}: {
  readonly model: Model;
  readonly rect: Rect;
  readonly painter: Painter;
}) {
  const rows = layerRows(model);
  const { row: cursor, top } = model.layers;
  const isFocused = model.focus === 'layers';
  const largest = largestSize(rows);
  const count = listRows(rect);
  const layout = layOut(layerColumns(model, rect.width), rect.width - 2);
  const lines = rows.slice(top, top + count).map((row, i) => {
    const isSelected = top + i === cursor;
    const segments = rowSegments(layout, row, isSelected ? SELECTED : UNSELECTED);
    if (isSelected) return painter.selected(segments, isFocused);
    const size = row.kind === 'empty' ? 0 : (row.size ?? 0);
    return painter.row(segments, largest === 0 ? 0 : Math.floor((size / largest) * rect.width));
  });
  const place = rows.length > count ? `${cursor + 1} of ${rows.length} ` : '';
  const title = paneTitle(painter, {
    title: 'Layers',
    right: [['dim', place]],
    width: rect.width,
    isFocused,
  });
  const titles = painter.paint('dim', `  ${titleLine(layout)}`);
  return <Rows rect={rect} lines={[title, titles, ...lines]} />;
}
