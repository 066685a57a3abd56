import type { HistoryAlignment } from '../../history/align.ts';
import { findGhosts, type Ghost, linkGhosts } from '../../ledger/ghosts.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Masker } from '../../secrets/mask/masker.ts';
import { escapeBytes } from '../../text/escape.ts';
import { humanSize } from '../../text/size.ts';
import { column } from '../columns/column.ts';
import { layerWords } from './layer-words.ts';
import { type TableRow, type ViewTable, viewTable } from './table.ts';

/** The maximum number of live names in a row's details. */
const MAX_NAMES = 8;

/**
 * Returns the Deleted view: deleted files, and older versions of files that still exist, largest first.
 * Versions whose content a newer one repeats are left out. Every deleted name of a hard-linked file is
 * listed; its bytes are counted once, and only if no other name is live.
 */
export function ghostsTable(ledger: Ledger, history: HistoryAlignment, masker: Masker): ViewTable {
  const { ghosts, deletedPaths, lostBytes } = findGhosts(ledger);
  const shown = [...ghosts, ...linkGhosts(ledger)]
    .filter((ghost) => !ghost.repeated)
    .toSorted((a, b) => bytesOf(b) - bytesOf(a) || a.born - b.born || a.entry - b.entry);
  return viewTable<Ghost>(
    [
      column({ title: 'size', width: 6, align: 'right', cell: (ghost) => humanSize(bytesOf(ghost)) }),
      column({ title: 'added in', width: 8, align: 'right', cell: ({ born }) => String(born) }),
      column({ title: 'removed in', width: 10, align: 'right', cell: ({ gone }) => String(gone) }),
      column({ title: 'path', width: null, cut: 'start', cell: (ghost) => pathText(ledger, ghost) }),
      column({
        title: 'removed by',
        width: 36,
        least: 22,
        most: 90,
        cell: (ghost) => {
          const words = layerWords(history, ghost.gone, masker);
          return ghost.how === 'whiteout' ? words : `${removalText(ledger, ghost)}: ${words}`;
        },
      }),
    ],
    shown,
    (ghost) => ghostRow(ledger, history, ghost, masker),
    shown.length === 0
      ? 'No file was deleted or overwritten by a later layer.'
      : `${shown.length} deleted or overwritten ${shown.length === 1 ? 'file' : 'files'}, ${humanSize(lostBytes)} wasted; ${deletedPaths} ${deletedPaths === 1 ? 'path' : 'paths'} deleted`,
  );
}

function pathText(ledger: Ledger, ghost: Ghost): string {
  const isOlder = ghost.how === 'overwritten' || ghost.how === 'duplicate';
  const path = escapeBytes(ledger.paths.path(ghost.path));
  return `${path}${isOlder ? ' (overwritten)' : ''}${nameNote(ghost, liveNames(ledger, ghost))}`;
}

function ghostRow(
  ledger: Ledger,
  history: HistoryAlignment,
  ghost: Ghost,
  masker: Masker,
): Omit<TableRow, 'cells'> {
  const names = liveNames(ledger, ghost);
  return {
    token: ghost.state === 'deleted' ? 'ghost' : 'shadowed',
    target: { path: ghost.path, layer: ghost.born },
    detail: [
      `added in layer ${ghost.born} by ${layerWords(history, ghost.born, masker)}`,
      `${removalText(ledger, ghost)} in layer ${ghost.gone} by ${layerWords(history, ghost.gone, masker)}`,
      ...(names.length === 0 ? [] : [`the file still exists as ${names.join(', ')}`]),
    ],
  };
}

/** Returns the wasted bytes: 0 while the file is live under another name. */
function bytesOf({ liveAs, size }: Ghost): number {
  return liveAs.length > 0 ? 0 : size;
}

/** Returns the live names of the same file, escaped, at most {@link MAX_NAMES} and how many more there are. */
function liveNames(ledger: Ledger, { liveAs }: Ghost): string[] {
  const names = liveAs
    .slice(0, MAX_NAMES)
    .map((event) => escapeBytes(ledger.paths.path(ledger.pathOf(event))));
  return liveAs.length > MAX_NAMES ? [...names, `${liveAs.length - MAX_NAMES} more`] : names;
}

function nameNote({ isLink }: Ghost, names: readonly string[]): string {
  if (names.length > 0) return ` (live as ${names[0]})`;
  return isLink ? ' (hard link)' : '';
}

function removalText(ledger: Ledger, ghost: Ghost): string {
  const via = escapeBytes(ledger.paths.path(ghost.via));
  switch (ghost.how) {
    case 'whiteout':
      return `deleted by a whiteout of ${via}`;
    case 'opaque':
      return `hidden by the opaque directory ${via}`;
    case 'replacement':
      return `replaced by ${via}`;
    case 'overwritten':
      return 'overwritten';
    case 'duplicate':
      return 'replaced by a later entry of the same layer';
  }
}
