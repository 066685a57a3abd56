import { escapeBytes } from '../../text/escape.ts';
import type { Model } from '../model.ts';
import { listPage, selectedRow, shownTable } from '../selectors/list-table.ts';
import { scrolledTop } from '../selectors/scrolled-top.ts';
import { withLayer, withPath } from './go.ts';
import { moveHandlers, movedCursor } from './list-move.ts';
import { type Handlers, type Step, step } from './step.ts';

/** Commands of every list view. */
export const listView: Handlers = {
  ...moveHandlers((model, move) => {
    if (model.view === 'layers') return model;
    const count = shownTable(model)?.rows.length ?? 0;
    return withListRow(model, movedCursor(model.lists[model.view].row, move, count, listPage(model)));
  }),
  open: { run: (model) => step(opened(model)), when: (model) => selectedRow(model)?.target != null },
  'copy-path': { run: copy, when: (model) => selectedRow(model) !== null },
};

/** Selects a row of the shown list and scrolls to it. */
export function withListRow(model: Model, row: number): Model {
  if (model.view === 'layers') return model;
  const count = shownTable(model)?.rows.length ?? 0;
  const cursor = Math.max(0, Math.min(count - 1, row));
  const top = scrolledTop(model.lists[model.view].top, cursor, count, listPage(model));
  return { ...model, lists: { ...model.lists, [model.view]: { row: cursor, top } } };
}

/** Goes to the place of the selected row in the tree. */
function opened(model: Model): Model {
  const target = selectedRow(model)?.target;
  if (target == null) return model;
  if (target.path > 0) return withPath(model, target.path, target.layer);
  return withLayer({ ...model, view: 'layers', focus: 'layers' }, target.layer);
}

/** Copies the path of the selected row, or its text if it has none. */
function copy(model: Model): Step {
  const row = selectedRow(model);
  if (row === null || model.stacked === null) return step(model);
  const path = row.target?.path ?? 0;
  if (path > 0) {
    return [
      model,
      [{ type: 'copy', text: escapeBytes(model.stacked.ledger.paths.path(path)), what: 'path' }],
    ];
  }
  return [model, [{ type: 'copy', text: row.cells.at(-1) ?? '', what: 'text' }]];
}
