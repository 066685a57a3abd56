import { fileOf } from '../../ledger/content.ts';
import type { TreeColumns } from './tree-columns.ts';
import { isChange, Mark } from './mark.ts';
import { isDirectoryAt } from './seen.ts';
import { ROOT } from '../../layer/path-table.ts';

/** What of a tree is shown; each can be switched. */
export interface Show {
  readonly added: boolean;
  readonly changed: boolean;
  readonly metadata: boolean;
  readonly deleted: boolean;
  readonly unchanged: boolean;
  /** Only regular files, and the folders that lead to them. */
  readonly filesOnly: boolean;
  /** Only regular files with an execute bit. */
  readonly executablesOnly: boolean;
  /** False: what the base's layers hold is hidden. */
  readonly base: boolean;
}

export const SHOW_ALL: Show = {
  added: true,
  changed: true,
  metadata: true,
  deleted: true,
  unchanged: true,
  filesOnly: false,
  executablesOnly: false,
  base: true,
};

/** Which paths of a reading are rows, and what lies below each. */
export interface Shown {
  readonly columns: TreeColumns;
  /** 1: wanted for itself; 2: a folder that leads to one that is; 0: not a row. */
  readonly role: Uint8Array;
  /** By folder: how many wanted entries lie below, and how many of them are changes. */
  readonly below: Uint32Array;
  readonly changesBelow: Uint32Array;
  /** By folder: how many rows are right below it. */
  readonly children: Uint32Array;
  /** How many entries are wanted in all. */
  readonly total: number;
  readonly filtered: boolean;
}

export const Role = { hidden: 0, wanted: 1, leads: 2 } as const;

/**
 * Picks the rows of a reading.
 * @param matches by path: 1 where a filter matches; null: no filter. A path beyond its end does not match.
 * @param baseLayers how many layers at the bottom are the base's
 */
export function pickShown(
  columns: TreeColumns,
  show: Show,
  matches: Uint8Array | null,
  baseLayers: number,
): Shown {
  const { count, mark } = columns;
  const { parents } = columns.ledger.paths;
  const role = new Uint8Array(count);
  const below = new Uint32Array(count);
  const changesBelow = new Uint32Array(count);
  const children = new Uint32Array(count);
  const wanted = wantedMarks(show);
  const byEntry = show.filesOnly || show.executablesOnly || (!show.base && baseLayers > 0);
  let total = 0;
  for (let id = count - 1; id >= ROOT; id--) {
    const own = mark[id]!;
    if (own === Mark.none) continue;
    let keep = wanted[own] === 1 && (matches === null || matches[id] === 1);
    if (keep && byEntry) keep = entryWanted(columns, id, show, baseLayers);
    if (keep && own === Mark.unchanged) keep = showsUnchanged(columns, id);
    if (keep && own === Mark.leads) keep = matches !== null;
    if (keep) {
      role[id] = Role.wanted;
      total++;
    } else if (below[id]! > 0) role[id] = Role.leads;
    if (id === ROOT || role[id] === Role.hidden) continue;
    const parent = parents[id]!;
    children[parent]!++;
    below[parent]! += below[id]! + (keep ? 1 : 0);
    changesBelow[parent]! += changesBelow[id]! + (keep && isChange(own) ? 1 : 0);
  }
  return { columns, role, below, changesBelow, children, total, filtered: matches !== null };
}

/** A folder that a layer wrote again unchanged only leads to what lies in it; a comparison is about what differs. */
function showsUnchanged(columns: TreeColumns, id: number): boolean {
  switch (columns.reading.kind) {
    case 'changes':
      return !isDirectoryAt(columns, id);
    case 'between':
      return false;
    case 'after':
    case 'final':
      return true;
  }
}

function wantedMarks(show: Show): Uint8Array {
  const wanted = new Uint8Array(9);
  if (show.added) wanted[Mark.added] = wanted[Mark.readded] = 1;
  if (show.changed) wanted[Mark.modified] = wanted[Mark.replaced] = 1;
  if (show.metadata) wanted[Mark.metadata] = 1;
  if (show.deleted) wanted[Mark.deleted] = 1;
  if (show.unchanged) wanted[Mark.unchanged] = wanted[Mark.leads] = 1;
  return wanted;
}

/** Whether what the base holds is shown as deleted, and by a layer above it: that is no doing of the base. */
function isTakenAbove({ ledger, mark }: TreeColumns, id: number, baseLayers: number): boolean {
  if (mark[id] !== Mark.deleted) return false;
  const by = ledger.line(id).findLast((event) => ledger.isDeletion(event));
  return by !== undefined && ledger.layerOf(by) >= baseLayers;
}

function entryWanted(columns: TreeColumns, id: number, show: Show, baseLayers: number): boolean {
  const event = columns.event[id]! - 1;
  if (event < 0) return false;
  const holder = columns.holder[id]!;
  if (!show.base && holder < baseLayers && !isTakenAbove(columns, id, baseLayers)) return false;
  if (!show.filesOnly && !show.executablesOnly) return true;
  const place = fileOf(columns.ledger, event);
  if (place === null) return false;
  if (!show.executablesOnly) return true;
  return (columns.ledger.entriesOf(place.layer).mode(place.entry) & 0o111) !== 0;
}
