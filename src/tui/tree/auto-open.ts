import { ROOT } from '../../layer/path-table.ts';
import { Mark } from './mark.ts';
import { Role, type Shown } from './show.ts';

/** A directory that was added or deleted as a whole is expanded if it contains at most this many entries. */
const SMALL_FOLDER = 60;
/** Maximum number of rows expanded automatically. */
const MAX_ROWS = 1000;

const opened = new WeakMap<Shown, ReadonlySet<number>>();

/**
 * Returns the directories to expand so that changes are visible: those that contain changes, outermost first, up
 * to the maximum number of rows. A directory that was added or deleted as a whole is expanded only if small.
 */
export function autoOpened(shown: Shown): ReadonlySet<number> {
  let folders = opened.get(shown);
  if (folders === undefined) {
    folders = openOutermost(shown);
    opened.set(shown, folders);
  }
  return folders;
}

function openOutermost(shown: Shown): Set<number> {
  const { columns, children, role } = shown;
  const { paths } = columns.ledger;
  const folders = new Set<number>();
  let rows = children[ROOT]!;
  let level: number[] = [ROOT];
  while (level.length > 0) {
    const next: number[] = [];
    for (const folder of level) {
      // Skip directories with too many children.
      if (children[folder]! > MAX_ROWS) continue;
      for (let id = paths.firstChild(folder); id !== 0; id = paths.nextSibling(id)) {
        if (id >= columns.count || role[id] === Role.hidden || !wantsOpen(shown, id)) continue;
        if (rows + children[id]! > MAX_ROWS) continue;
        rows += children[id]!;
        folders.add(id);
        next.push(id);
      }
    }
    level = next;
  }
  return folders;
}

function wantsOpen(shown: Shown, id: number): boolean {
  if (shown.below[id] === 0) return false;
  if (shown.filtered) return true;
  if (shown.columns.reading.kind === 'final' || shown.changesBelow[id] === 0) return false;
  const mark = shown.columns.mark[id]!;
  const stayed = mark === Mark.leads || mark === Mark.unchanged || mark === Mark.metadata;
  return stayed || shown.below[id]! <= SMALL_FOLDER;
}
