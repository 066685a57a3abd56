import { fit } from '../src/text/fit.ts';
import type { Model } from '../src/tui/model.ts';
import { layoutOf } from '../src/tui/selectors/layout.ts';
import { listDetailRows, listPage, shownTable } from '../src/tui/selectors/list-table.ts';
import { tableLine, tableTitles } from '../src/tui/tables/table.ts';
import { borderSigns } from './borders.ts';
import type { Painter } from './painter.ts';
import { Rows } from './Rows.tsx';

/** A list view: a summary, the titles, a window of the rows, and more about the selected one below. */
export function ListScreen({ model, painter }: { readonly model: Model; readonly painter: Painter }) {
  const { body } = layoutOf(model);
  return <Rows rect={body} lines={listLines(model, painter, body.width)} />;
}

function listLines(model: Model, painter: Painter, width: number): readonly string[] {
  const table = shownTable(model);
  if (table === null || model.view === 'layers') return [];
  const { row: cursor, top } = model.lists[model.view];
  const inner = width - 3;
  const page = listPage(model);
  const rows = table.rows.slice(top, top + page).map((row, i) => {
    const isSelected = top + i === cursor;
    const line = `${isSelected ? ' >' : '  '}${tableLine(table, row.cells, inner)} `;
    return isSelected ? painter.selected([[null, line]], true) : painter.name(row.token, line);
  });
  while (rows.length < page) rows.push('');
  const detail = (table.rows[cursor]?.detail ?? []).slice(0, listDetailRows(model) - 1);
  const rule = borderSigns(painter.look.unicode).horizontal.repeat(width);
  return [
    painter.name('accent', fit(` ${table.summary}`, width)),
    painter.paint('header', fit(`  ${tableLine(table, tableTitles(table), inner)}`, width)),
    ...rows,
    painter.paint('border', rule),
    ...detail.map((line) => painter.name('text', fit(`  ${line}`, width))),
  ];
}
