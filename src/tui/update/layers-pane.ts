import type { Model } from '../model.ts';
import { foldsBase, layerRows, rowLike } from '../selectors/layer-rows.ts';
import { layoutOf, listRows } from '../selectors/layout.ts';
import { treeOf } from '../selectors/tree-of.ts';
import { withLayerRow } from './go.ts';
import { moveHandlers, movedCursor } from './list-move.ts';
import { type Handlers, step } from './step.ts';

/** Commands of the layers pane. */
export const layersPane: Handlers = {
  ...moveHandlers((model, move) => {
    const page = listRows(layoutOf(model).panes.layers);
    return withLayerRow(model, movedCursor(model.layers.row, move, layerRows(model).length, page));
  }),
  open: {
    run: (model) => {
      const isBase = layerRows(model)[model.layers.row]?.kind === 'base';
      return step(isBase ? withBase(model) : { ...model, focus: 'tree' });
    },
    when: (model) => (treeOf(model)?.rowCount ?? 0) > 0,
  },
  'toggle-base': {
    run: (model) => step(withBase(model)),
    when: foldsBase,
  },
};

/** Collapses or expands the rows of the base. The selected layer stays selected. */
function withBase(model: Model): Model {
  const row = layerRows(model)[model.layers.row];
  const other = { ...model, layers: { ...model.layers, baseOpen: !model.layers.baseOpen } };
  return { ...other, layers: { ...other.layers, row: rowLike(other, row) } };
}
