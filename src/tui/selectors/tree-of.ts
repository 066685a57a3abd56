import type { Ledger } from '../../ledger/ledger.ts';
import type { Model } from '../model.ts';
import { readColumns } from '../tree/read-columns.ts';
import type { Folds } from '../tree/folds.ts';
import { type Reading, sameReading } from '../tree/reading.ts';
import { pickShown } from '../tree/show.ts';
import { Siblings } from '../tree/siblings.ts';
import { TreeView } from '../tree/tree-view.ts';
import { selectedLayer, standingLayer } from './layer-rows.ts';
import { memoized } from './memo.ts';

/** Returns the reading that the tree pane shows; null if there is no layer, or none yet. */
export function readingOf(model: Model): Reading | null {
  if (model.stacked === null || model.stacked.layers.length === 0) return null;
  const standing = standingLayer(model);
  switch (model.tree.reading) {
    case 'changes': {
      const layer = selectedLayer(model);
      return layer === null ? null : { kind: 'changes', layer };
    }
    case 'after':
      return standing < 0 ? null : { kind: 'after', layer: standing };
    case 'final':
      return { kind: 'final' };
    case 'between': {
      const from = model.tree.from ?? standing;
      if (standing < 0) return null;
      return { kind: 'between', from: Math.min(from, standing), to: Math.max(from, standing) };
    }
  }
}

/** Returns the rows of the tree pane; null if there is no reading. */
export function treeOf(model: Model): TreeView | null {
  const reading = readingOf(model);
  if (reading === null || model.stacked === null) return null;
  const { show, filter, sort, folds } = model.tree;
  const columns = columnsOf(model.stacked.ledger, reading);
  // While a filter is being evaluated, keep the previous matches.
  const shown = shownOf(columns, show, filter?.matches ?? null, model.baseLayers);
  return viewOf(siblingsOf(shown, sort), folds);
}

const columnsOf = memoized(
  (ledger: Ledger, reading: Reading) => readColumns(ledger, reading),
  4,
  (a, b) => Object.is(a, b) || (isReading(a) && isReading(b) && sameReading(a, b)),
);
const shownOf = memoized(pickShown, 4);
const siblingsOf = memoized(
  (shown: ReturnType<typeof pickShown>, sort: Model['tree']['sort']) => new Siblings(shown, sort),
  4,
);
const viewOf = memoized((siblings: Siblings, folds: Folds) => new TreeView(siblings, folds), 4);

function isReading(value: unknown): value is Reading {
  return typeof value === 'object' && value !== null && 'kind' in value && !('columns' in value);
}
