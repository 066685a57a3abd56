import type { Ledger } from '../../ledger/ledger.ts';
import type { Model, TreeState } from '../model.ts';
import { layerRows, rowOfLayer, selectedLayer } from '../selectors/layer-rows.ts';
import { treeOf } from '../selectors/tree-of.ts';
import { revealed } from '../tree/folds.ts';
import { Mark } from '../tree/mark.ts';
import { Role, SHOW_ALL } from '../tree/show.ts';
import { told } from './step.ts';

/** Selects another row of the layers pane. The tree's cursor stays on its path if the tree has it. */
export function withLayerRow(model: Model, row: number): Model {
  if (row === model.layers.row) return model;
  const before = selectedLayer(model);
  const remembered =
    before === null ? model.tree.remembered : new Map(model.tree.remembered).set(before, model.tree.cursor);
  const moved: Model = {
    ...model,
    layers: { ...model.layers, row },
    tree: { ...model.tree, remembered },
    bead: null,
  };
  return withFittingCursor(moved);
}

/** Puts the tree's cursor on the same path, else on the path last selected in this layer, else on the first change. */
export function withFittingCursor(model: Model): Model {
  const tree = treeOf(model);
  if (tree === null) return model;
  const { cursor, remembered } = model.tree;
  if (cursor > 0 && tree.rowOf(cursor) >= 0) return model;
  const known = remembered.get(selectedLayer(model) ?? -1) ?? -1;
  const row = known > 0 ? tree.rowOf(known) : -1;
  const state: TreeState = {
    ...model.tree,
    cursor: tree.pathAt(row >= 0 ? row : tree.firstChange()),
    top: row >= 0 ? model.tree.top : 0,
  };
  return { ...model, tree: state };
}

/** Selects the next or the previous layer; skips rows without a layer. */
export function withNextLayer(model: Model, by: 1 | -1): Model {
  const rows = layerRows(model);
  for (let row = model.layers.row + by; row >= 0 && row < rows.length; row += by) {
    if (rows[row]!.kind !== 'empty') return withLayerRow(model, row);
  }
  return model;
}

/** Selects a layer; expands the base if the layer is in it. */
export function withLayer(model: Model, layer: number): Model {
  const open =
    layer < model.baseLayers - 1 ? { ...model, layers: { ...model.layers, baseOpen: true } } : model;
  const row = rowOfLayer(open, layer);
  return row < 0 ? model : withLayerRow(open, row);
}

/**
 * Goes to a path: in the shown tree if it is there, else in the changes of the last layer that touched it.
 * Clears a filter or an option that hides it.
 * @param layer show the changes of this layer; null for any
 */
export function withPath(model: Model, path: number, layer: number | null): Model {
  if (model.stacked === null) return model;
  const { ledger } = model.stacked;
  if (path <= 0 || path >= ledger.columns.last.length) return model;
  const base: Model = { ...model, view: 'layers', bead: null };
  if (layer === null && holds(base, path)) return select(base, path);
  const target = layer ?? touchingLayer(ledger, path);
  const there = withLayer({ ...base, tree: { ...base.tree, reading: 'changes', from: null } }, target);
  if (holds(there, path)) return select(there, path);
  return told(model, 'that path is not in any layer read so far');
}

function holds(model: Model, path: number): boolean {
  const tree = treeOf(model);
  return tree !== null && (tree.shown.columns.mark[path] ?? Mark.none) !== Mark.none;
}

function select(model: Model, path: number): Model {
  const shown = visible(model, path);
  const tree = treeOf(shown)!;
  const folds = revealed(shown.tree.folds, tree.shown, path);
  return { ...shown, focus: 'tree', tree: { ...shown.tree, folds, cursor: path } };
}

function visible(model: Model, path: number): Model {
  const role = (each: Model) => treeOf(each)!.shown.role[path];
  if (role(model) !== Role.hidden) return model;
  const unfiltered: Model = withoutFilter(model);
  if (role(unfiltered) !== Role.hidden) return unfiltered;
  return { ...unfiltered, tree: { ...unfiltered.tree, show: SHOW_ALL } };
}

/** Removes the filter and restores the directories that were collapsed before it. */
export function withoutFilter(model: Model): Model {
  if (model.tree.filter === null) return model;
  const { foldsBefore, folds } = model.tree;
  const state = { ...model.tree, filter: null, folds: foldsBefore ?? folds, foldsBefore: null };
  return { ...model, tree: state };
}

/** Returns the last layer that touched a path or, for an implied directory, a path below it; -1 for none. */
function touchingLayer(ledger: Ledger, path: number): number {
  const { last } = ledger.columns;
  for (let at = path; at < last.length;) {
    const event = ledger.lastEvent(at);
    if (event >= 0) return ledger.layerOf(event);
    at = ledger.paths.firstChild(at);
    while (at !== 0 && at >= last.length) at = ledger.paths.nextSibling(at);
    if (at === 0) break;
  }
  return -1;
}
