import type { Model } from '../src/tui/model.ts';
import { layoutOf } from '../src/tui/selectors/layout.ts';
import { detailLines, tableLines } from './list-lines.ts';
import type { Painter } from './painter.ts';
import { Rows } from './Rows.tsx';

/** A list view: summary, titles, rows, and the details of the selected row. */
export function ListScreen({ model, painter }: { readonly model: Model; readonly painter: Painter }) {
  const { body } = layoutOf(model);
  const lines = [...tableLines(model, painter, body.width), ...detailLines(model, painter, body.width)];
  return <Rows rect={body} lines={lines} />;
}
