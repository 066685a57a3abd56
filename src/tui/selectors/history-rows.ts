import type { HistoryAlignment } from '../../history/align.ts';
import type { BaseEvidence } from '../../history/base.ts';
import { firstOwnEntry } from '../../history/dockerfile.ts';
import type { Model } from '../model.ts';
import { memoized } from './memo.ts';

/** Returns how many of the first history entries belong to the base. */
export function baseEntries({ baseLayers, build, history }: Model): number {
  return history === null || baseLayers === 0 ? 0 : counted(history, build.base, baseLayers);
}

const counted = memoized((history: HistoryAlignment, base: readonly BaseEvidence[], baseLayers: number) => {
  const own = firstOwnEntry(history, base);
  return own > 0 ? own : history.entries.findIndex(({ layer }) => layer === baseLayers - 1) + 1;
});

/** Returns how many of the first history entries are collapsed into one row because the base is hidden; 0 or at least 2. */
export function foldedEntries(model: Model): number {
  const count = model.tree.show.base ? 0 : baseEntries(model);
  return count > 1 ? count : 0;
}

/** Returns the row of an entry in the History view. */
export function rowOfEntry(model: Model, entry: number): number {
  return Math.max(0, entry - Math.max(0, foldedEntries(model) - 1));
}

/** Returns the selected history entry; the first one for the collapsed base. */
export function selectedEntry(model: Model): number {
  const { row } = model.lists.history;
  return row === 0 ? 0 : row + Math.max(0, foldedEntries(model) - 1);
}
