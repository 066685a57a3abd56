import type { HistoryAlignment } from '../../history/align.ts';
import { findGhosts, type Ghost } from '../../ledger/ghosts.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Masker } from '../../secrets/mask.ts';
import { escapeBytes } from '../../text/escape.ts';
import { humanSize } from '../../text/size.ts';
import { layerWords } from './layer-words.ts';
import { column, type TableRow, type ViewTable, yielding } from './table.ts';

/**
 * What the final tree does not show and the image still holds, largest first: deleted files, and
 * older generations of files that are still there. Generations whose content a newer one repeats
 * are left out: nothing is lost with them.
 */
export function ghostsTable(ledger: Ledger, history: HistoryAlignment, masker: Masker): ViewTable {
  const { ghosts, deletedPaths, lostBytes } = findGhosts(ledger);
  const shown = ghosts
    .filter((ghost) => !ghost.contentElsewhere)
    .toSorted((a, b) => b.size - a.size || a.born - b.born || a.entry - b.entry);
  return {
    columns: [
      column('size', 6, 'right'),
      column('born', 4, 'right'),
      column('gone', 4, 'right'),
      column('path', null, 'left', 'start'),
      yielding('how it went', 36, 22, 90),
    ],
    rows: shown.map((ghost) => ghostRow(ledger, history, ghost, masker)),
    summary:
      shown.length === 0
        ? 'Nothing was added and then deleted or overwritten.'
        : `${shown.length} ${shown.length === 1 ? 'ghost' : 'ghosts'}, ${sizeWords(lostBytes)} that no container sees; ${deletedPaths} ${deletedPaths === 1 ? 'path' : 'paths'} deleted`,
  };
}

function sizeWords(bytes: number): string {
  const size = humanSize(bytes);
  return size.endsWith('B') ? size : `${size}B`;
}

function ghostRow(ledger: Ledger, history: HistoryAlignment, ghost: Ghost, masker: Masker): TableRow {
  const path = escapeBytes(ledger.paths.path(ghost.path));
  const older = ghost.how === 'overwritten' || ghost.how === 'duplicate';
  const ending = `${endingWords(ledger, ghost)}: ${layerWords(history, ghost.gone, masker)}`;
  return {
    cells: [
      humanSize(ghost.size),
      String(ghost.born),
      String(ghost.gone),
      older ? `${path} (older)` : path,
      ghost.how === 'whiteout' ? layerWords(history, ghost.gone, masker) : ending,
    ],
    token: ghost.state === 'deleted' ? 'ghost' : 'shadowed',
    target: { path: ghost.path, layer: ghost.born },
    detail: [
      `added by layer ${ghost.born}: ${layerWords(history, ghost.born, masker)}`,
      `gone with layer ${ghost.gone}, ${ending}`,
    ],
  };
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
