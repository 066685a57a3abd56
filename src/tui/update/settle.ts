import type { Model, TreeState } from '../model.ts';
import { layerRows } from '../selectors/layer-rows.ts';
import { helpLines } from '../selectors/help-lines.ts';
import { layoutOf, listRows, overlaySize, previewRows } from '../selectors/layout.ts';
import { listPage, shownTable } from '../selectors/list-table.ts';
import { scrolledTop } from '../selectors/scrolled-top.ts';
import { treeOf } from '../selectors/tree-of.ts';
import type { TreeView } from '../tree/tree-view.ts';
import { withTop } from './overlays.ts';

/**
 * Moves cursors to existing, visible rows after any action.
 * @param before the model before the action; if rows moved, keeps the selected row at its place on the screen
 */
export function settled(model: Model, before: Model): Model {
  const next = settleList(settleTree(settleLayers(model), before));
  return model.size === before.size ? next : settleOverlay(next);
}

function settleLayers(model: Model): Model {
  const count = layerRows(model).length;
  const page = listRows(layoutOf(model).panes.layers);
  const row = Math.max(0, Math.min(count - 1, model.layers.row));
  const top = scrolledTop(model.layers.top, row, count, page);
  if (row === model.layers.row && top === model.layers.top) return model;
  return { ...model, layers: { ...model.layers, row, top } };
}

/** The rows of a list change with filters and new results, its page with the size of the screen. */
function settleList(model: Model): Model {
  if (model.view === 'layers') return model;
  const table = shownTable(model);
  const list = model.lists[model.view];
  // Keep the position of a list that is not loaded yet.
  if (table === null) return model;
  const row = Math.max(0, Math.min(table.rows.length - 1, list.row));
  const top = scrolledTop(list.top, row, table.rows.length, listPage(model));
  if (row === list.row && top === list.top) return model;
  return { ...model, lists: { ...model.lists, [model.view]: { row, top } } };
}

/** Scrolls the overlay so that a larger screen has no empty rows at the end. */
function settleOverlay(model: Model): Model {
  const overlay = model.overlays.at(-1);
  if (overlay?.kind !== 'help' && overlay?.kind !== 'preview') return model;
  const most =
    overlay.kind === 'help'
      ? helpLines(model).length - overlaySize(model.size).rows
      : (overlay.preview?.lines.length ?? 0) - previewRows(model);
  const top = Math.max(0, Math.min(overlay.top, most));
  return top === overlay.top ? model : withTop(model, { ...overlay, top });
}

function settleTree(model: Model, before: Model): Model {
  const tree = treeOf(model);
  if (tree === null) return model;
  const { cursor, top } = model.tree;
  const row = nearestRow(tree, cursor, before);
  const page = listRows(layoutOf(model).panes.tree);
  const next = scrolledTop(top + drift(model, before, row), row, tree.rowCount, page);
  const path = tree.pathAt(row);
  if (path === cursor && next === top) return model;
  const state: TreeState = { ...model.tree, cursor: path, top: next };
  return { ...model, tree: state, bead: path === before.tree.cursor ? model.bead : null };
}

/** Returns the row of the cursor, else of its nearest shown directory, else the same row number as before. */
function nearestRow(tree: TreeView, cursor: number, before: Model): number {
  const { count } = tree.shown.columns;
  const { paths } = tree.shown.columns.ledger;
  for (let at = cursor; at > 0 && at < count; at = paths.parent(at)) {
    const row = tree.rowOf(at);
    if (row >= 0) return row;
  }
  const old = treeOf(before)?.rowOf(before.tree.cursor) ?? -1;
  return Math.max(0, Math.min(tree.rowCount - 1, old));
}

/** Returns how far the cursor's row moved because rows above it were added or removed. */
function drift(model: Model, before: Model, row: number): number {
  if (model.tree.cursor !== before.tree.cursor || model.tree.top !== before.tree.top) return 0;
  const old = treeOf(before);
  if (old === null || old === treeOf(model)) return 0;
  const stood = old.rowOf(before.tree.cursor);
  return stood < 0 ? 0 : row - stood;
}
