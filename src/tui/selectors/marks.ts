import type { HistoryAlignment } from '../../history/align.ts';
import type { Finding } from '../../finding/finding.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { type FindingLetter, type FindingMarks, findingMarks, treeLetters } from '../finding-marks.ts';
import type { Model } from '../model.ts';
import type { LayerRow } from './layer-rows.ts';
import { memoized } from './memo.ts';
import { treeOf } from './tree-of.ts';

const NONE: FindingMarks = { places: [], layers: new Map(), entries: new Map() };

/** Returns the places of the findings; cached until more findings arrive. */
export function marksOf({ findings, history, stacked }: Model): FindingMarks {
  if (stacked === null || findings.list.length === 0) return NONE;
  return marks(findings.list, stacked.ledger, history);
}

const marks = memoized((list: readonly Finding[], ledger: Ledger, history: HistoryAlignment | null) =>
  findingMarks(list, ledger, (entry) => history?.entries[entry]?.layer ?? null),
);

/** Returns the finding letters of the shown tree. */
export function lettersOf(model: Model): ReadonlyMap<number, FindingLetter> {
  const tree = treeOf(model);
  return tree === null ? new Map() : letters(marksOf(model), tree.shown.columns);
}

const letters = memoized(treeLetters, 4);

/** Returns the number of findings in a row of the layers pane. */
export function findingsOfRow(row: LayerRow, { entries, layers }: FindingMarks): number {
  switch (row.kind) {
    case 'layer':
      return layers.get(row.layer)?.length ?? 0;
    case 'empty':
      return entries.get(row.entry)?.length ?? 0;
    case 'base': {
      const found = new Set<Finding>();
      for (let layer = 0; layer < row.layers; layer++) layers.get(layer)?.forEach((each) => found.add(each));
      return found.size;
    }
  }
}
