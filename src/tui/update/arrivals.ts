import type { HistoryAlignment } from '../../history/align.ts';
import type { StackedImage } from '../../ledger/stacked-image.ts';
import type { Model } from '../model.ts';
import type { TreeFilter } from '../tree/filter.ts';
import { withKeptPlace } from './kept-place.ts';
import { rowOfLayer } from '../selectors/layer-rows.ts';
import { AUTO_FOLDS } from '../tree/folds.ts';
import { withFittingCursor } from './go.ts';
import { type Step, step } from './step.ts';

/** Stores what has been read of the image. The selection is kept. */
export function withStacked(model: Model, stacked: StackedImage, history: HistoryAlignment): Step {
  const next: Model = { ...model, stacked, history };
  const opened = withKeptPlace(model.stacked === null ? withFirstLayer(next) : next);
  const settledCursor = opened.tree.cursor > 0 ? opened : withFittingCursor(opened);
  const { filter } = settledCursor.tree;
  if (filter === null || filter.matches === null || filter.matches.length >= stacked.ledger.paths.count) {
    return step(settledCursor);
  }
  return [settledCursor, [{ type: 'filter', filter }]];
}

/** Selects the first layer above the base, else the lowest one. */
function withFirstLayer(model: Model): Model {
  const row = rowOfLayer(model, model.baseLayers) >= 0 ? rowOfLayer(model, model.baseLayers) : 0;
  return { ...model, layers: { ...model.layers, row: Math.max(0, row) } };
}

/** Stores the matches of a filter; drops those of an older filter. */
export function withMatches(model: Model, filter: TreeFilter, matches: Uint8Array): Model {
  if (model.tree.filter === null || model.tree.filter.text !== filter.text) return model;
  const isNew = model.tree.filter.matches === null || model.tree.foldsBefore === null;
  const state = {
    ...model.tree,
    filter: { text: filter.text, matches },
    ...(isNew ? { foldsBefore: model.tree.folds, folds: AUTO_FOLDS } : {}),
  };
  return { ...model, tree: state };
}
