import type { HistoryAlignment } from '../../history/align.ts';
import { findGhosts, type Ghost, linkGhosts } from '../../ledger/ghosts.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Masker } from '../../secrets/mask/masker.ts';
import { escapeBytes } from '../../text/escape.ts';
import { humanSize } from '../../text/size.ts';
import { column } from '../columns/column.ts';
import { layerWords } from './layer-words.ts';
import { type TableRow, type ViewTable, viewTable } from './table.ts';

/** Live names of a file that a row's details list. */
const MOST_NAMES = 8;

/**
 * What the final tree does not show and the image still holds, largest first: deleted files, and
 * older generations of files that are still there. Generations whose content a newer one repeats
 * are left out: nothing is lost with them. Every deleted name of a file with hard links is listed; the
 * bytes are counted once, and not while another name is live.
 */
export function ghostsTable(ledger: Ledger, history: HistoryAlignment, masker: Masker): ViewTable {
  const { ghosts, deletedPaths, lostBytes } = findGhosts(ledger);
  const shown = [...ghosts, ...linkGhosts(ledger)]
    .filter((ghost) => !ghost.repeated)
    .toSorted((a, b) => bytesOf(b) - bytesOf(a) || a.born - b.born || a.entry - b.entry);
  return viewTable<Ghost>(
    [
      column({ title: 'size', width: 6, align: 'right', cell: (ghost) => humanSize(bytesOf(ghost)) }),
      column({ title: 'born', width: 4, align: 'right', cell: ({ born }) => String(born) }),
      column({ title: 'gone', width: 4, align: 'right', cell: ({ gone }) => String(gone) }),
      column({ title: 'path', width: null, cut: 'start', cell: (ghost) => pathText(ledger, ghost) }),
      column({
        title: 'how it went',
        width: 36,
        least: 22,
        most: 90,
        cell: (ghost) => {
          const words = layerWords(history, ghost.gone, masker);
          return ghost.how === 'whiteout' ? words : `${endingWords(ledger, ghost)}: ${words}`;
        },
      }),
    ],
    shown,
    (ghost) => ghostRow(ledger, history, ghost, masker),
    shown.length === 0
      ? 'Nothing was added and then deleted or overwritten.'
      : `${shown.length} ${shown.length === 1 ? 'ghost' : 'ghosts'}, ${sizeWords(lostBytes)} that no container sees; ${deletedPaths} ${deletedPaths === 1 ? 'path' : 'paths'} deleted`,
  );
}

function pathText(ledger: Ledger, ghost: Ghost): string {
  const isOlder = ghost.how === 'overwritten' || ghost.how === 'duplicate';
  const path = escapeBytes(ledger.paths.path(ghost.path));
  return `${path}${isOlder ? ' (older)' : ''}${nameNote(ghost, liveNames(ledger, ghost))}`;
}

function sizeWords(bytes: number): string {
  const size = humanSize(bytes);
  return size.endsWith('B') ? size : `${size}B`;
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
      `added by layer ${ghost.born}: ${layerWords(history, ghost.born, masker)}`,
      `gone with layer ${ghost.gone}, ${endingWords(ledger, ghost)}: ${layerWords(history, ghost.gone, masker)}`,
      ...(names.length === 0 ? [] : [`the file is still live as ${names.join(', ')}`]),
    ],
  };
}

/** Bytes that the final tree lacks: none while the file is live under another name. */
function bytesOf({ liveAs, size }: Ghost): number {
  return liveAs.length > 0 ? 0 : size;
}

/** The live names of the same file that have room on a line; escaped. */
function liveNames(ledger: Ledger, { liveAs }: Ghost): string[] {
  const names = liveAs
    .slice(0, MOST_NAMES)
    .map((event) => escapeBytes(ledger.paths.path(ledger.pathOf(event))));
  return liveAs.length > MOST_NAMES ? [...names, `${liveAs.length - MOST_NAMES} more`] : names;
}

function nameNote({ isLink }: Ghost, names: readonly string[]): string {
  if (names.length > 0) return ` (live as ${names[0]})`;
  return isLink ? ' (hard link)' : '';
}

function endingWords(ledger: Ledger, ghost: Ghost): string {
  const via = escapeBytes(ledger.paths.path(ghost.via));
  switch (ghost.how) {
    case 'whiteout':
      return `deleted by a whiteout of ${via}`;
    case 'opaque':
      return `hidden by the opaque folder ${via}`;
    case 'replacement':
      return `replaced by ${via}`;
    case 'overwritten':
      return 'overwritten';
    case 'duplicate':
      return 'replaced by a later member of the same tar';
  }
}
