import { fit } from '../src/text/fit.ts';
import { wrapText } from '../src/text/wrap.ts';
import { layOut, titleLine } from '../src/tui/columns/column-layout.ts';
import { rowSegments } from '../src/tui/columns/row-segments.ts';
import type { Model } from '../src/tui/model.ts';
import { listDetailRows, listPage, shownTable } from '../src/tui/selectors/list-table.ts';
import { borderSigns } from './borders.ts';
import type { Painter } from './painter.ts';
import { SELECTED, UNSELECTED } from './row-lead.ts';

/** Returns the list of a view: summary, titles and the visible rows, each exactly `width` cells wide. */
export function tableLines(model: Model, painter: Painter, width: number): readonly string[] {
  const table = shownTable(model);
  if (table === null || model.view === 'layers') return [];
  const { row: cursor, top } = model.lists[model.view];
  const layout = layOut(table.columns, width - 3);
  const page = listPage(model);
  const rows = table.rows.slice(top, top + page).map((row, i) => {
    const isSelected = top + i === cursor;
    const token = isSelected ? null : row.token;
    const lead = isSelected ? SELECTED : UNSELECTED;
    const segments = rowSegments(layout, row, lead, token);
    segments.push([token, ' ']);
    return isSelected ? painter.selected(segments, true) : painter.row(segments);
  });
  while (rows.length < page) rows.push(' '.repeat(width));
  return [
    painter.name('accent', fit(` ${table.summary}`, width)),
    painter.paint('header', `  ${titleLine(layout)} `),
    ...rows,
  ];
}

/**
 * Returns what is below a list: a rule and the details of the selected row. Long texts are wrapped as far as
 * there is room.
 * @param meets the column where a border from above meets the rule, or null
 */
export function detailLines(
  model: Model,
  painter: Painter,
  width: number,
  meets: number | null = null,
): readonly string[] {
  const { horizontal, meetsUp } = borderSigns(painter.look.unicode);
  const rule =
    meets === null
      ? horizontal.repeat(width)
      : horizontal.repeat(meets) + meetsUp + horizontal.repeat(width - meets - 1);
  const table = shownTable(model);
  const cursor = model.view === 'layers' ? 0 : model.lists[model.view].row;
  const texts = table?.rows[cursor]?.detail ?? [];
  const rows = listDetailRows(model) - 1;
  let spare = Math.max(0, rows - texts.length);
  const lines = texts.slice(0, rows).flatMap((text) => {
    const pieces = wrapText(text, width - 4, 2);
    const most = Math.min(pieces.length, 1 + spare);
    spare -= most - 1;
    if (most < pieces.length) pieces[most - 1] = pieces.slice(most - 1).join(' ');
    return pieces.slice(0, most).map((piece, i) => (i === 0 ? piece : `  ${piece}`));
  });
  return [
    painter.paint('border', rule),
    ...lines.map((line) => painter.name('text', `  ${fit(line, width - 3)} `)),
  ];
}
