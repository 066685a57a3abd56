import type { Model } from '../src/tui/model.ts';
import { selectedLayer } from '../src/tui/selectors/layer-rows.ts';
import type { Reading } from '../src/tui/tree/reading.ts';
import type { TreeView } from '../src/tui/tree/tree-view.ts';

/** Returns the title of a reading of the tree. */
export function readingTitle(reading: Reading): string {
  switch (reading.kind) {
    case 'changes':
      return `Changes of layer ${reading.layer}`;
    case 'after':
      return `Tree after layer ${reading.layer}`;
    case 'final':
      return 'Final tree';
    case 'between':
      return `Changes from layer ${reading.from} to layer ${reading.to}`;
  }
}

/** Returns why the tree is empty. */
export function emptyWords(model: Model, tree: TreeView | null): string {
  if (model.stacked === null || model.stacked.layers.length === 0) return 'this image has no layers';
  const layer = selectedLayer(model);
  if (layer === null && model.tree.reading === 'changes') return 'this instruction created no layer';
  const status = layer === null ? null : model.stacked.layers[layer]?.status;
  if (status === 'waiting' || status === 'reading') return 'this layer is still being read';
  if (status === 'missing') return 'this layer is missing from the archive';
  if (model.tree.filter !== null) return 'no match; esc clears the filter';
  if (model.tree.reading === 'between' && model.tree.from === layer) {
    return 'select the other layer: j k [ ] #';
  }
  return (tree?.shown.columns.mark[0] ?? 0) === 0
    ? 'this layer changed nothing'
    : 'all entries are hidden; t shows them';
}
