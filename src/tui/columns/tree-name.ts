import type { Ledger } from '../../ledger/ledger.ts';
import { privilegeOf } from '../../ledger/privileges.ts';
import { EntryType } from '../../tar/member.ts';
import { escapeBytes } from '../../text/escape.ts';
import { fit } from '../../text/fit.ts';
import type { Token } from '../../text/theme.ts';
import { displayWidth } from '../../text/width.ts';
import { Mark } from '../tree/mark.ts';
import type { TreeRow } from '../tree/tree-view.ts';
import { shortCount } from './numbers.ts';
import type { Segment } from './segment.ts';

/** Deeper trees show guides for this many directories only, so that names keep their room. */
const DEEPEST_GUIDE = 8;
/** A name has at least this many cells beside a badge. */
const MIN_BESIDE_BADGE = 14;

/** Returns the name of a row, escaped; of a directory with a slash. */
export function treeNameText(ledger: Ledger, row: TreeRow): string {
  const name = escapeBytes(ledger.paths.name(row.path));
  return row.isFolder ? `${name}/` : name;
}

/**
 * Draws the name column of a tree: guides, name, link target, and what makes a file privileged.
 * @param hasEntry false for a directory that is only implied
 * @param token how the mark of the row looks
 */
export function treeNameSegments(
  ledger: Ledger,
  row: TreeRow,
  hasEntry: boolean,
  token: Token,
  width: number,
): readonly Segment[] {
  const lines = guides(row);
  const room = Math.max(1, width - lines.length);
  const badge = hasEntry ? badgeOf(ledger, row.event) : '';
  const forBadge = badge !== '' && room > badge.length + MIN_BESIDE_BADGE ? badge.length + 2 : 0;
  const beside = room - forBadge;
  const count = row.isFolder && !row.isOpen && row.below > 0 ? ` (${shortCount(row.below)})` : '';
  const name = fit(treeNameText(ledger, row), Math.max(1, beside - count.length), { pad: false });
  const left = beside - displayWidth(name) - count.length;
  const link = left > 5 && hasEntry && row.link !== null ? fit(linkText(row), left, { pad: false }) : '';
  const isSame = row.mark === Mark.unchanged || row.mark === Mark.leads;
  const look = row.isFolder && isSame ? 'folder' : token;
  return [
    ['dim', lines],
    row.mark === Mark.deleted ? [look, name, true] : [look, name],
    ['dim', count + link + ' '.repeat(Math.max(0, left - displayWidth(link)))],
    ['setuid', forBadge === 0 ? '' : `  ${badge}`],
  ];
}

function linkText({ link, type }: TreeRow): string {
  return (type === EntryType.hardlink ? ' => ' : ' -> ') + escapeBytes(link!);
}

/** ASCII, because measuring the width of box-drawing characters is many times slower. */
function guides({ last, depth }: TreeRow): string {
  if (depth === 0) return '';
  const from = Math.max(1, depth - DEEPEST_GUIDE);
  let text = from > 1 ? '.. ' : '';
  for (let i = from; i < depth; i++) text += last[i] === true ? '   ' : '|  ';
  return `${text}${last[depth] === true ? '`- ' : '|- '}`;
}

/** Returns the privileges of a file: setuid, setgid, capabilities. */
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
