import type { Model } from '../src/tui/model.ts';
import { selectedLayer } from '../src/tui/selectors/layer-rows.ts';
import type { Reading } from '../src/tui/tree/reading.ts';
import type { TreeView } from '../src/tui/tree/tree-view.ts';

/** What a reading of the tree is called. */
export function readingTitle(reading: Reading): string {
  switch (reading.kind) {
    case 'changes':
      return `Layer ${reading.layer}: what it changed`;
    case 'after':
      return `The tree after layer ${reading.layer}`;
    case 'final':
      return 'The final tree';
    case 'between':
      return `From layer ${reading.from} to layer ${reading.to}`;
  }
}

/** Why the tree has no row. */
export function emptyWords(model: Model, tree: TreeView | null): string {
  if (model.stacked === null || model.stacked.layers.length === 0) return 'this image has no layers';
  const layer = selectedLayer(model);
  if (layer === null && model.tree.reading === 'changes') return 'this instruction made no layer';
  const status = layer === null ? null : model.stacked.layers[layer]?.status;
  if (status === 'waiting' || status === 'reading') return 'this layer is still being read';
  if (status === 'missing') return 'the archive does not hold this layer';
  if (model.tree.filter !== null) return 'no match here; esc ends the filter';
  if (model.tree.reading === 'between' && model.tree.from === layer) {
    return 'now go to another layer: j k [ ] #';
  }
  return (tree?.shown.columns.mark[0] ?? 0) === 0
    ? 'this layer changed nothing'
    : 'all of it is switched off; t shows';
}
