import { ROOT } from '../../layer/path-table.ts';
import { autoOpened } from './auto-open.ts';
import { isDirectoryAt } from './seen.ts';
import type { Shown } from './show.ts';

/** Which directories are expanded: automatically chosen ones, all or none, overridden by the user's choices. */
export interface Folds {
  readonly rest: 'auto' | 'all' | 'none';
  readonly said: ReadonlyMap<number, boolean>;
}

export const AUTO_FOLDS: Folds = { rest: 'auto', said: new Map() };

/** Returns the folds with the user's choice for one directory. */
export function withFold(folds: Folds, folder: number, open: boolean): Folds {
  return { ...folds, said: new Map(folds.said).set(folder, open) };
}

/** Returns the folds with all directories above a path expanded. */
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

/** Reports whether a directory is expanded. */
export function isOpen(folds: Folds, shown: Shown, id: number): boolean {
  if (id === ROOT) return true;
  if (shown.below[id] === 0) return false;
  const said = folds.said.get(id);
  if (said !== undefined) return said;
  return folds.rest === 'auto' ? autoOpened(shown).has(id) : folds.rest === 'all';
}

/** Reports whether a path is a directory or has rows below it. */
export function isFolder(shown: Shown, id: number): boolean {
  return shown.below[id]! > 0 || isDirectoryAt(shown.columns, id);
}
