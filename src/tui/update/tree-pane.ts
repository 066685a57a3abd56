import type { Model, TreeState } from '../model.ts';
import { selectedLayer } from '../selectors/layer-rows.ts';
import { layoutOf, listRows } from '../selectors/layout.ts';
import { treeOf } from '../selectors/tree-of.ts';
import { AUTO_FOLDS, type Folds, isFolder, withFold } from '../tree/folds.ts';
import { withPath } from './go.ts';
import { moveHandlers, movedCursor } from './list-move.ts';
import { type Handlers, step } from './step.ts';

/** Commands of the tree pane. */
export const treePane: Handlers = {
  ...moveHandlers((model, move) => {
    const tree = treeOf(model);
    if (tree === null) return model;
    const page = listRows(layoutOf(model).panes.tree);
    const row = movedCursor(Math.max(0, tree.rowOf(model.tree.cursor)), move, tree.rowCount, page);
    const by = move.startsWith('page') || move.startsWith('half') ? row - tree.rowOf(model.tree.cursor) : 0;
    return withTree(model, { cursor: tree.pathAt(row), top: model.tree.top + by });
  }),
  open: { run: (model) => step(opened(model)), when: hasRow },
  fold: { run: (model) => step(folded(model, 'toggle')), when: onFolder },
  'fold-out': {
    run: (model) => step(isClosedFolder(model) ? folded(model, true) : intoFolder(model)),
    when: hasRow,
  },
  'fold-in': { run: (model) => step(isOpenFolder(model) ? folded(model, false) : outOfFolder(model)) },
  'fold-all': {
    run: (model) => {
      const rest: Folds['rest'] = model.tree.folds.rest === 'all' ? 'none' : 'all';
      return step(withTree(model, { folds: { rest, said: new Map() } }));
    },
    when: hasRow,
  },
};

function withTree(model: Model, change: Partial<TreeState>): Model {
  return { ...model, tree: { ...model.tree, ...change } };
}

function hasRow(model: Model): boolean {
  return (treeOf(model)?.rowCount ?? 0) > 0;
}

function onFolder(model: Model): boolean {
  const tree = treeOf(model);
  return tree !== null && model.tree.cursor > 0 && (tree.shown.below[model.tree.cursor] ?? 0) > 0;
}

function isOpenFolder(model: Model): boolean {
  return onFolder(model) && treeOf(model)!.isOpen(model.tree.cursor);
}

function isClosedFolder(model: Model): boolean {
  return onFolder(model) && !isOpenFolder(model);
}

function folded(model: Model, open: boolean | 'toggle'): Model {
  if (!onFolder(model)) return model;
  const { cursor, folds } = model.tree;
  const wanted = open === 'toggle' ? !isOpenFolder(model) : open;
  return withTree(model, { folds: withFold(folds, cursor, wanted) });
}

function intoFolder(model: Model): Model {
  if (!isOpenFolder(model)) return model;
  const tree = treeOf(model)!;
  return withTree(model, { cursor: tree.pathAt(tree.rowOf(model.tree.cursor) + 1) });
}

function outOfFolder(model: Model): Model {
  const tree = treeOf(model);
  const row = tree?.rowOf(model.tree.cursor) ?? -1;
  const parent = tree === null || row < 0 ? -1 : tree.parentRow(row);
  if (parent < 0) return { ...model, focus: 'layers' };
  return withTree(model, { cursor: tree!.pathAt(parent) });
}

/** Expands or collapses a directory; for a file, goes to the layer that wrote it or, if already there, to its history. */
function opened(model: Model): Model {
  const tree = treeOf(model);
  const path = model.tree.cursor;
  if (tree === null || path <= 0) return model;
  if (isFolder(tree.shown, path)) return folded(model, 'toggle');
  const event = tree.shown.columns.event[path]! - 1;
  const isThere = model.tree.reading === 'changes';
  if (event < 0 || isThere) return { ...model, focus: 'track' };
  const layer = tree.shown.columns.holder[path]!;
  if (layer === selectedLayer(model)) {
    return withPath({ ...model, tree: { ...model.tree, folds: AUTO_FOLDS } }, path, layer);
  }
  return withPath(model, path, layer);
}
