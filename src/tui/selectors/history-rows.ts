import type { HistoryAlignment } from '../../history/align.ts';
import type { BaseEvidence } from '../../history/base.ts';
import { firstOwnEntry } from '../../history/dockerfile.ts';
import type { Model } from '../model.ts';
import { memoized } from './memo.ts';

/** How many of the first history entries are the base's: those of its layers, and what follows them there. */
export function baseEntries({ baseLayers, build, history }: Model): number {
  return history === null || baseLayers === 0 ? 0 : counted(history, build.base, baseLayers);
}

const counted = memoized((history: HistoryAlignment, base: readonly BaseEvidence[], baseLayers: number) => {
  const told = firstOwnEntry(history, base);
  return told > 0 ? told : history.entries.findIndex(({ layer }) => layer === baseLayers - 1) + 1;
});

/** How many of the first history entries are one row, because the base is hidden; 0 or at least 2. */
export function foldedEntries(model: Model): number {
  const count = model.tree.show.base ? 0 : baseEntries(model);
  return count > 1 ? count : 0;
}

/** The row of the History view in which an entry stands. */
export function rowOfEntry(model: Model, entry: number): number {
  return Math.max(0, entry - Math.max(0, foldedEntries(model) - 1));
}

/** The history entry under the cursor of the History view; of a folded base the first. */
export function selectedEntry(model: Model): number {
  const { row } = model.lists.history;
  return row === 0 ? 0 : row + Math.max(0, foldedEntries(model) - 1);
}
