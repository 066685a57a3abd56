import { ROOT } from '../../layer/path-table.ts';
import { autoOpened } from './auto-open.ts';
import { isDirectoryAt } from './seen.ts';
import type { Shown } from './show.ts';

/** Which folders are open: what the tree itself proposes, all or none of them, and what a person said. */
export interface Folds {
  readonly rest: 'auto' | 'all' | 'none';
  readonly said: ReadonlyMap<number, boolean>;
}

export const AUTO_FOLDS: Folds = { rest: 'auto', said: new Map() };

/** Folds with one folder's state said. */
export function withFold(folds: Folds, folder: number, open: boolean): Folds {
  return { ...folds, said: new Map(folds.said).set(folder, open) };
}

/** Folds in which a path is not hidden in a closed folder. */
export function revealed(folds: Folds, shown: Shown, path: number): Folds {
  const { paths } = shown.columns.ledger;
  let said: Map<number, boolean> | null = null;
  for (let at = path; at !== ROOT;) {
    at = paths.parent(at);
    if (at !== ROOT && !isOpen(folds, shown, at)) {
      said ??= new Map(folds.said);
      said.set(at, true);
    }
  }
  return said === null ? folds : { ...folds, said };
}

/** True for a folder whose children are rows. */
export function isOpen(folds: Folds, shown: Shown, id: number): boolean {
  if (id === ROOT) return true;
  if (shown.below[id] === 0) return false;
  const said = folds.said.get(id);
  if (said !== undefined) return said;
  return folds.rest === 'auto' ? autoOpened(shown).has(id) : folds.rest === 'all';
}

/** True where a path is a folder, or something with rows below it. */
export function isFolder(shown: Shown, id: number): boolean {
  return shown.below[id]! > 0 || isDirectoryAt(shown.columns, id);
}
