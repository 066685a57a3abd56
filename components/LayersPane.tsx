import { fit } from '../src/text/fit.ts';
import type { Model } from '../src/tui/model.ts';
import { largestSize, layerRows } from '../src/tui/selectors/layer-rows.ts';
import { findingsOfRow, marksOf } from '../src/tui/selectors/marks.ts';
import { listRows, type Rect } from '../src/tui/selectors/layout.ts';
import { layerLine, layerTitles } from './layer-line.ts';
import { paneTitle } from './pane-title.ts';
import type { Painter } from './painter.ts';
import { Rows } from './Rows.tsx';

/** The layers: one line an instruction. */
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
  const { exactSizes } = model;
  const marks = marksOf(model);
  const findings = rows.map((row) => findingsOfRow(row, marks));
  const most = Math.max(0, ...findings);
  const findingsWidth = most === 0 ? 0 : String(most).length + 2;
  const lines = rows.slice(top, top + count).map((row, i) => {
    const isSelected = top + i === cursor;
    const segments = layerLine(row, {
      width: rect.width,
      isSelected,
      exactSizes,
      findings: findings[top + i]!,
      findingsWidth,
    });
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
  const titles = painter.paint('dim', fit(layerTitles(rect.width, exactSizes, findingsWidth), rect.width));
  return <Rows rect={rect} lines={[title, titles, ...lines]} />;
}
