import { ROOT } from '../../layer/path-table.ts';
import { Mark } from './mark.ts';
import { Role, type Shown } from './show.ts';

/** A folder that came or went as a whole opens by itself when no more than this lies in it. */
const SMALL_FOLDER = 60;
/** So many rows may stand open without anyone having asked for them. */
const MOST_ROWS = 1000;

const opened = new WeakMap<Shown, ReadonlySet<number>>();

/**
 * The folders that open by themselves, so that what one sees is the changes: those that hold some,
 * from the outermost in, as long as there are not too many rows. A folder that is new or gone as a
 * whole opens only while it is small: else its one line says as much.
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
      // A folder with too many children is not looked through to find those that might open.
      if (children[folder]! > MOST_ROWS) continue;
      for (let id = paths.firstChild(folder); id !== 0; id = paths.nextSibling(id)) {
        if (id >= columns.count || role[id] === Role.hidden || !wantsOpen(shown, id)) continue;
        if (rows + children[id]! > MOST_ROWS) continue;
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
