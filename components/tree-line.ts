import { Change } from '../src/ledger/change.ts';
import { CHANGE_LETTERS } from '../src/ledger/change-letters.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import { privilegeOf } from '../src/ledger/privileges.ts';
import { EntryType } from '../src/tar/member.ts';
import { modeText } from '../src/tar/mode-text.ts';
import { escapeBytes } from '../src/text/escape.ts';
import { fit } from '../src/text/fit.ts';
import { isoTime } from '../src/text/time.ts';
import type { Token } from '../src/text/theme.ts';
import type { TreeColumnsShown } from '../src/tui/model.ts';
import type { FindingLetter } from '../src/tui/finding-marks.ts';
import { Mark } from '../src/tui/tree/mark.ts';
import type { TreeRow } from '../src/tui/tree/tree-view.ts';
import { CHANGE_TOKENS } from './change-tokens.ts';
import { shortCount, sizeText, sizeWidth } from './numbers.ts';
import type { Segment } from './painter.ts';
import { displayWidth } from '../src/text/width.ts';

interface MarkLook {
  readonly letter: string;
  readonly token: Token;
}

function ofChange(change: Change): MarkLook {
  return { letter: CHANGE_LETTERS[change], token: CHANGE_TOKENS[change] };
}

/** The letter of the gutter, and how a row of that mark is drawn. */
export const MARKS: Readonly<Record<Mark, MarkLook>> = {
  [Mark.none]: { letter: ' ', token: 'dim' },
  [Mark.leads]: { letter: ' ', token: 'dim' },
  [Mark.added]: ofChange(Change.added),
  [Mark.modified]: ofChange(Change.modified),
  [Mark.metadata]: ofChange(Change.metadata),
  [Mark.replaced]: ofChange(Change.replaced),
  [Mark.deleted]: ofChange(Change.deleted),
  [Mark.readded]: ofChange(Change.readded),
  [Mark.unchanged]: { letter: ' ', token: 'text' },
};

/** Folders above a row that get a line each; names keep their room in trees that are deeper. */
const DEEPEST_GUIDE = 8;
const MODE_WIDTH = 10;
const OWNER_WIDTH = 9;
const TIME_WIDTH = 16;

/** Which columns a tree has room for; names keep at least some 24 cells. */
export interface TreeWidths {
  readonly mode: boolean;
  readonly owner: boolean;
  readonly mtime: boolean;
  /** Cells; 0 where it is not shown. */
  readonly size: number;
  readonly lost: number;
}

/** Leaves out the columns that a narrow pane has no room for: time, owner, mode, then what is thrown away. */
export function treeWidths(width: number, shown: TreeColumnsShown, exactSizes: boolean): TreeWidths {
  const size = sizeWidth(exactSizes);
  let room = width - 28 - (shown.size ? size + 1 : 0);
  const take = (wanted: boolean, cells: number): boolean => {
    if (!wanted || room < cells) return false;
    room -= cells;
    return true;
  };
  const lost = take(shown.lost, size + 1);
  const mode = take(shown.mode, MODE_WIDTH + 1);
  const owner = take(shown.owner, OWNER_WIDTH + 1);
  const mtime = take(shown.mtime, TIME_WIDTH + 1);
  return { mode, owner, mtime, size: shown.size ? size : 0, lost: lost ? size : 0 };
}

/** The titles of the columns. */
export function treeTitles(width: number, widths: TreeWidths): string {
  const right = (title: string, cells: number): string =>
    cells === 0 ? '' : `${fit(title, cells, { align: 'right' })} `;
  const left = (title: string, cells: number, on: boolean): string => (on ? `${fit(title, cells)} ` : '');
  return fit(
    `    ${left('mode', MODE_WIDTH, widths.mode)}${left('owner', OWNER_WIDTH, widths.owner)}${right('size', widths.size)}${right('lost', widths.lost)}${left('time', TIME_WIDTH, widths.mtime)}name`,
    width,
  );
}

/** How a row of the tree is drawn. */
export interface TreeLineOptions {
  readonly width: number;
  readonly widths: TreeWidths;
  readonly isSelected: boolean;
  readonly exactSizes: boolean;
  /** Files that a layer wrote again unchanged get a letter; in other readings nearly all are unchanged. */
  readonly marksUnchanged: boolean;
  /** What the search found there, or below. */
  readonly finding: FindingLetter | null;
}

/** A secret and a posture problem have letters of their own: the colour only helps the eye. */
const FINDING_TOKENS: Readonly<Record<FindingLetter, Token>> = {
  S: 'secret',
  s: 'secret',
  P: 'warning',
  p: 'warning',
};

/** A row of the tree as stretches that fill `width` cells. */
export function treeLine(ledger: Ledger, row: TreeRow, options: TreeLineOptions): readonly Segment[] {
  const { letter, token } = MARKS[row.mark];
  const isSame = options.marksUnchanged && row.mark === Mark.unchanged && !row.isFolder;
  const facts = factsOf(ledger, row);
  const before: Segment[] = [
    [options.isSelected ? 'accent' : null, options.isSelected ? '>' : ' '],
    options.finding === null ? [null, ' '] : [FINDING_TOKENS[options.finding], options.finding],
    [isSame ? 'dim' : token, `${isSame ? CHANGE_LETTERS[Change.unchanged] : letter} `],
    ['dim', columnsText(row, facts, options)],
    ['dim', guides(row)],
  ];
  const used = before.reduce((sum, [, text]) => sum + text.length, 0);
  const room = Math.max(1, options.width - used);
  const badge = facts === null ? '' : facts.badge;
  const forBadge = badge !== '' && room > badge.length + 14 ? badge.length + 2 : 0;
  return [
    ...before,
    ...nameSegments(ledger, row, facts, isSame ? 'dim' : token, room - forBadge),
    ...(forBadge === 0 ? [] : [['setuid', `  ${badge}`] as const]),
  ];
}

interface Facts {
  readonly mode: string;
  readonly owner: string;
  readonly mtime: string;
  readonly link: string;
  readonly badge: string;
}

function factsOf(ledger: Ledger, row: TreeRow): Facts | null {
  if (row.event < 0) return null;
  const { entry, layer } = ledger.placeOf(row.event);
  const holder = ledger.entriesOf(layer);
  const arrow = row.type === EntryType.hardlink ? ' => ' : ' -> ';
  return {
    mode: modeText(row.type, holder.mode(entry)),
    owner: `${holder.uid(entry)}:${holder.gid(entry)}`,
    mtime: (isoTime(holder.mtime(entry)) ?? '?').slice(0, TIME_WIDTH).replace('T', ' '),
    link: row.link === null ? '' : arrow + escapeBytes(row.link),
    badge: badgeOf(ledger, row.event),
  };
}

/** What makes a file run with more than its user has: the capabilities are one word here. */
function badgeOf(ledger: Ledger, event: number): string {
  const found = privilegeOf(ledger, event);
  if (found === null || found.directory) return '';
  const { capability, setgid, setuid } = found.privilege;
  return [
    ...(setuid ? ['setuid'] : []),
    ...(setgid ? ['setgid'] : []),
    ...(capability === null ? [] : ['capabilities']),
  ].join(' ');
}

function columnsText(row: TreeRow, facts: Facts | null, { widths, exactSizes }: TreeLineOptions): string {
  const size =
    widths.size === 0 ? '' : `${fit(sizeText(row.size, exactSizes), widths.size, { align: 'right' })} `;
  const lost =
    widths.lost === 0
      ? ''
      : `${fit(row.lost === 0 ? '' : sizeText(row.lost, exactSizes), widths.lost, { align: 'right' })} `;
  return (
    (widths.mode ? `${fit(facts?.mode ?? '', MODE_WIDTH)} ` : '') +
    (widths.owner ? `${fit(facts?.owner ?? '', OWNER_WIDTH)} ` : '') +
    size +
    lost +
    (widths.mtime ? `${fit(facts?.mtime ?? '', TIME_WIDTH)} ` : '')
  );
}

/** ASCII on purpose: a row of it is measured many times faster than one with lines drawn properly. */
function guides({ last, depth }: TreeRow): string {
  if (depth === 0) return '';
  const from = Math.max(1, depth - DEEPEST_GUIDE);
  let text = from > 1 ? '.. ' : '';
  for (let i = from; i < depth; i++) text += last[i] === true ? '   ' : '|  ';
  return `${text}${last[depth] === true ? '`- ' : '|- '}`;
}

function nameSegments(
  ledger: Ledger,
  row: TreeRow,
  facts: Facts | null,
  token: Token,
  room: number,
): readonly Segment[] {
  const name = escapeBytes(ledger.paths.name(row.path));
  const slash = row.isFolder ? '/' : '';
  const count = row.isFolder && !row.isOpen && row.below > 0 ? ` (${shortCount(row.below)})` : '';
  const nameToken =
    row.isFolder && (row.mark === Mark.unchanged || row.mark === Mark.leads) ? 'folder' : token;
  const own = fit(name + slash, Math.max(1, room - count.length), { pad: false });
  const left = room - displayWidth(own) - count.length;
  const link = left > 5 && facts !== null ? fit(facts.link, left, { pad: false }) : '';
  return [
    row.mark === Mark.deleted ? [nameToken, own, true] : [nameToken, own],
    ['dim', count + link + ' '.repeat(Math.max(0, left - displayWidth(link)))],
  ];
}
