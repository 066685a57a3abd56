import type { HistoryAlignment } from '../../history/align.ts';
import { findDeletedFiles, type DeletedFile, deletedLinkNames } from '../../ledger/deleted-files.ts';
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
export function deletedTable(ledger: Ledger, history: HistoryAlignment, masker: Masker): ViewTable {
  const { deletedFiles, deletedPaths, lostBytes } = findDeletedFiles(ledger);
  const shown = [...deletedFiles, ...deletedLinkNames(ledger)]
    .filter((deletedFile) => !deletedFile.repeated)
    .toSorted((a, b) => bytesOf(b) - bytesOf(a) || a.born - b.born || a.entry - b.entry);
  return viewTable<DeletedFile>(
    [
      column({
        title: 'size',
        width: 6,
        align: 'right',
        cell: (deletedFile) => humanSize(bytesOf(deletedFile)),
      }),
      column({ title: 'added in', width: 8, align: 'right', cell: ({ born }) => String(born) }),
      column({ title: 'removed in', width: 10, align: 'right', cell: ({ gone }) => String(gone) }),
      column({
        title: 'path',
        width: null,
        cut: 'start',
        cell: (deletedFile) => pathText(ledger, deletedFile),
      }),
      column({
        title: 'removed by',
        width: 36,
        least: 22,
        most: 90,
        cell: (deletedFile) => {
          const words = layerWords(history, deletedFile.gone, masker);
          return deletedFile.how === 'whiteout' ? words : `${removalText(ledger, deletedFile)}: ${words}`;
        },
      }),
    ],
    shown,
    (deletedFile) => deletedRow(ledger, history, deletedFile, masker),
    shown.length === 0
      ? 'No file was deleted or overwritten by a later layer.'
      : `${shown.length} deleted or overwritten ${shown.length === 1 ? 'file' : 'files'}, ${humanSize(lostBytes)} wasted; ${deletedPaths} ${deletedPaths === 1 ? 'path' : 'paths'} deleted`,
  );
}

function pathText(ledger: Ledger, deletedFile: DeletedFile): string {
  const isOlder = deletedFile.how === 'overwritten' || deletedFile.how === 'duplicate';
  const path = escapeBytes(ledger.paths.path(deletedFile.path));
  return `${path}${isOlder ? ' (overwritten)' : ''}${nameNote(deletedFile, liveNames(ledger, deletedFile))}`;
}

function deletedRow(
  ledger: Ledger,
  history: HistoryAlignment,
  deletedFile: DeletedFile,
  masker: Masker,
): Omit<TableRow, 'cells'> {
  const names = liveNames(ledger, deletedFile);
  return {
    token: deletedFile.state === 'deleted' ? 'gone' : 'shadowed',
    target: { path: deletedFile.path, layer: deletedFile.born },
    detail: [
      `added in layer ${deletedFile.born} by ${layerWords(history, deletedFile.born, masker)}`,
      `${removalText(ledger, deletedFile)} in layer ${deletedFile.gone} by ${layerWords(history, deletedFile.gone, masker)}`,
      ...(names.length === 0 ? [] : [`the file still exists as ${names.join(', ')}`]),
    ],
  };
}

/** Returns the wasted bytes: 0 while the file is live under another name. */
function bytesOf({ liveAs, size }: DeletedFile): number {
  return liveAs.length > 0 ? 0 : size;
}

/** Returns the live names of the same file, escaped, at most {@link MAX_NAMES} and how many more there are. */
function liveNames(ledger: Ledger, { liveAs }: DeletedFile): string[] {
  const names = liveAs
    .slice(0, MAX_NAMES)
    .map((event) => escapeBytes(ledger.paths.path(ledger.pathOf(event))));
  return liveAs.length > MAX_NAMES ? [...names, `${liveAs.length - MAX_NAMES} more`] : names;
}

function nameNote({ isLink }: DeletedFile, names: readonly string[]): string {
  if (names.length > 0) return ` (live as ${names[0]})`;
  return isLink ? ' (hard link)' : '';
}

function removalText(ledger: Ledger, deletedFile: DeletedFile): string {
  const via = escapeBytes(ledger.paths.path(deletedFile.via));
  switch (deletedFile.how) {
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
