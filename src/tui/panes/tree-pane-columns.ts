import type { LayerEntries } from '../../ledger/layer-entries.ts';
import type { FilePlace, Ledger } from '../../ledger/ledger.ts';
import { modeText } from '../../tar/mode-text.ts';
import { escapeBytes } from '../../text/escape.ts';
import { isoTime } from '../../text/time.ts';
import type { FindingLetter } from '../finding-marks.ts';
import type { Model } from '../model.ts';
import { readingOf } from '../selectors/tree-of.ts';
import type { TreeColumnsShown } from '../tree/column-names.ts';
import { Mark } from '../tree/mark.ts';
import type { TreeRow } from '../tree/tree-view.ts';
import { type Column, column } from '../columns/column.ts';
import { FINDING_LOOKS, type MarkLook, MARKS, REWRITTEN } from '../columns/marks.ts';
import { sizeText, sizeWidth } from '../columns/numbers.ts';
import { treeNameSegments, treeNameText } from '../columns/tree-name.ts';

/** A row of the tree with the lookups that its columns share. */
interface TreeLine {
  readonly ledger: Ledger;
  readonly row: TreeRow;
  /** The entry of the row; null for a directory that is only implied by a path below it. */
  readonly place: FilePlace | null;
  /** The letter of a finding there, or below. */
  readonly finding: FindingLetter | null;
}

/** Makes the line of a row. */
export function treeLine(ledger: Ledger, row: TreeRow, finding: FindingLetter | null): TreeLine {
  return { ledger, row, place: row.event < 0 ? null : ledger.placeOf(row.event), finding };
}

/** What the columns of a tree depend on. */
interface TreeLook {
  readonly shown: TreeColumnsShown;
  readonly exactSizes: boolean;
  /** Give rewritten but unchanged files a letter. Other readings do not: nearly all files are unchanged there. */
  readonly marksUnchanged: boolean;
}

/** Returns how the tree pane of a model looks. */
export function treeLook(model: Model): TreeLook {
  const { exactSizes, tree } = model;
  return { shown: tree.columns, exactSizes, marksUnchanged: readingOf(model)?.kind === 'changes' };
}

/** Minimum cells of the name; other columns are left out first. */
const MIN_NAME = 24;
const TIME_WIDTH = 16;

/** Returns the columns of the tree. Narrow panes leave out time first, then owner, mode and wasted bytes. */
export function treePaneColumns({
  exactSizes,
  marksUnchanged,
  shown,
}: TreeLook): readonly Column<TreeLine>[] {
  const look = (row: TreeRow): MarkLook =>
    marksUnchanged && row.mark === Mark.unchanged && !row.isFolder ? REWRITTEN : MARKS[row.mark];
  const silent = (): string => '';
  const columns: readonly (Column<TreeLine> | false)[] = [
    column({
      title: '',
      width: 1,
      gap: 0,
      cell: ({ finding }) => finding ?? '',
      token: ({ finding }) => (finding === null ? null : FINDING_LOOKS[finding].token),
      said: ({ finding }) => (finding === null ? '' : FINDING_LOOKS[finding].words),
      turn: 1,
    }),
    column({
      title: '',
      width: 1,
      gap: 0,
      cell: ({ row }) => look(row).letter.trim(),
      token: ({ row }) => look(row).token,
      said: ({ row }) => look(row).words,
    }),
    shown.mode &&
      column({
        title: 'mode',
        width: 10,
        least: 0,
        rank: 2,
        cell: ({ ledger, place, row }) =>
          place === null ? '' : modeText(row.type, entriesOf(ledger, place).mode[place.entry]!),
        token: 'dim',
        said: silent,
      }),
    shown.owner &&
      column({
        title: 'owner',
        width: 9,
        least: 0,
        rank: 1,
        cell: ({ ledger, place }) => {
          if (place === null) return '';
          const { gid, uid } = entriesOf(ledger, place);
          return `${uid[place.entry]!}:${gid[place.entry]!}`;
        },
        token: 'dim',
        said: silent,
      }),
    shown.size &&
      column({
        title: 'size',
        width: sizeWidth(exactSizes),
        align: 'right',
        cell: ({ row }) => sizeText(row.size, exactSizes),
        token: 'dim',
        said: ({ row }) => (row.size > 0 ? sizeText(row.size, exactSizes) : ''),
      }),
    shown.lost &&
      column({
        title: 'wasted',
        width: sizeWidth(exactSizes),
        least: 0,
        rank: 3,
        align: 'right',
        cell: ({ row }) => (row.lost === 0 ? '' : sizeText(row.lost, exactSizes)),
        token: 'dim',
        said: silent,
      }),
    shown.mtime &&
      column({
        title: 'time',
        width: TIME_WIDTH,
        least: 0,
        cell: ({ ledger, place }) => {
          if (place === null) return '';
          const time = isoTime(entriesOf(ledger, place).mtime[place.entry]!) ?? '?';
          return time.slice(0, TIME_WIDTH).replace('T', ' ');
        },
        token: 'dim',
        said: silent,
      }),
    column({
      title: 'name',
      width: null,
      least: MIN_NAME,
      cell: ({ ledger, row }) => treeNameText(ledger, row),
      draw: ({ ledger, place, row }, width) =>
        treeNameSegments(ledger, row, place !== null, look(row).token, width),
      said: ({ ledger, row }) => {
        const path = escapeBytes(ledger.paths.path(row.path));
        return row.isFolder ? `${path}, directory, ${row.isOpen ? 'expanded' : 'collapsed'}` : path;
      },
      turn: -1,
    }),
  ];
  return columns.filter((each) => each !== false);
}

function entriesOf(ledger: Ledger, { layer }: FilePlace): LayerEntries['columns'] {
  return ledger.layers[layer]!.columns;
}
