import { fileOf } from '../../ledger/content.ts';
import type { TreeColumns } from './tree-columns.ts';
import { isChange, Mark } from './mark.ts';
import { isDirectoryAt } from './seen.ts';
import { ROOT } from '../../layer/path-table.ts';

/** Which entries of a tree are shown. */
export interface Show {
  readonly added: boolean;
  readonly changed: boolean;
  readonly metadata: boolean;
  readonly deleted: boolean;
  readonly unchanged: boolean;
  /** Only regular files, and the directories above them. */
  readonly filesOnly: boolean;
  /** Only regular files with an execute bit. */
  readonly executablesOnly: boolean;
  /** False hides the entries of the base image. */
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

/** The rows of a reading, with counts by directory. */
export interface Shown {
  readonly columns: TreeColumns;
  /** 1: selected itself; 2: a directory above a selected entry; 0: not a row. */
  readonly role: Uint8Array;
  /** By directory: how many selected entries are below, and how many of them are changes. */
  readonly below: Uint32Array;
  readonly changesBelow: Uint32Array;
  /** By directory: number of direct child rows. */
  readonly children: Uint32Array;
  /** Total number of selected entries. */
  readonly total: number;
  readonly filtered: boolean;
}

export const Role = { hidden: 0, wanted: 1, leads: 2 } as const;

/**
 * Picks the rows of a reading.
 * @param matches by path: 1 if a filter matches; null for no filter. A path beyond its end does not match.
 * @param baseLayers how many of the lowest layers belong to the base image
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

/** Rewritten unchanged directories only lead to their contents; a comparison shows only differences. */
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

/** Reports whether a layer above the base deleted an entry of the base: that is a change of the application. */
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
