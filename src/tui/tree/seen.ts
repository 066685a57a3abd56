import { fileOf } from '../../ledger/content.ts';
import { type LinkGroup, linkGroups, type SeenEntry, seenAfter } from '../../ledger/link-groups.ts';
import { EntryType } from '../../tar/member.ts';
import type { TreeColumns } from './tree-columns.ts';
import { Mark } from './mark.ts';

/** Returns the entry at a path as the reading shows it, with hard links resolved; null for none. */
export function seenAt(columns: TreeColumns, id: number): SeenEntry | null {
  const event = columns.event[id]! - 1;
  if (event < 0) return null;
  const layer = columns.mark[id] === Mark.deleted ? layerBelowDeletion(columns, id) : topLayer(columns);
  return seenAfter(columns.ledger, event, layer);
}

/** Reports whether a path is a directory, also one without an entry. */
export function isDirectoryAt(columns: TreeColumns, id: number): boolean {
  const event = columns.event[id]! - 1;
  if (event < 0) return true;
  // A hard link never names a directory, so the entry's own type decides.
  return (
    columns.ledger.entriesOf(columns.holder[id]!).type(columns.ledger.entryOf(event)) === EntryType.directory
  );
}

/** Reports whether a path is a regular file or a hard link to one. */
export function isFileAt(columns: TreeColumns, id: number): boolean {
  const event = columns.event[id]! - 1;
  return event >= 0 && fileOf(columns.ledger, event) !== null;
}

/**
 * Counts the bytes of each file with hard links once: with its first name in the tree, or, if this reading shows
 * the file only as deleted, with the first of its deleted names. Runs before directories are summed.
 */
export function countLinksOnce(columns: TreeColumns): void {
  const { ledger } = columns;
  const top = topLayer(columns);
  for (const group of linkGroups(ledger).all) {
    const { layer, entry } = group.place;
    const bytes = ledger.entriesOf(layer).size(entry);
    if (bytes === 0) continue;
    const first = group.firstAfter(top);
    let isCounted = false;
    for (const event of group.names) {
      const id = ledger.pathOf(event);
      if (columns.event[id]! - 1 !== event) continue;
      const isGone = columns.mark[id] === Mark.deleted;
      const counts: boolean = isGone ? first < 0 && !isCounted : event === first;
      isCounted ||= counts && isGone;
      setBytes(columns, id, counts ? bytes : 0, isGone, group);
    }
  }
}

function setBytes(columns: TreeColumns, id: number, bytes: number, isGone: boolean, group: LinkGroup): void {
  columns.size[id] = isGone ? 0 : bytes;
  columns.gone[id] = isGone ? bytes : 0;
  columns.lost[id] = isGone || group.live.length > 0 ? 0 : bytes;
}

/** Returns the layer after which the tree is shown. */
function topLayer({ ledger, reading }: TreeColumns): number {
  switch (reading.kind) {
    case 'changes':
    case 'after':
      return reading.layer;
    case 'between':
      return reading.to;
    case 'final':
      return ledger.layers.length - 1;
  }
}

/** Returns the last layer whose tree has what this reading shows as deleted. */
function layerBelowDeletion({ ledger, reading }: TreeColumns, id: number): number {
  switch (reading.kind) {
    case 'changes':
    case 'after':
      return reading.layer - 1;
    case 'between':
      return reading.from;
    case 'final':
      return ledger.layerOf(ledger.lastEvent(id)) - 1;
  }
}
