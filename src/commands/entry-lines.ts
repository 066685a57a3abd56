import type { ChangeName } from '../ledger/change.ts';
import type { EntryFacts } from '../report/entry-facts.ts';
import { escapeText } from '../text/escape.ts';

/** One letter for a change, as in the screen's gutter. */
export const CHANGE_LETTERS: Readonly<Record<ChangeName, string>> = {
  added: '+',
  modified: '~',
  metadata: 'm',
  replaced: 'r',
  deleted: '-',
  readded: 'b',
  unchanged: '=',
};

const TYPE_LETTERS: Readonly<Record<EntryFacts['type'], string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  hardlink: 'h',
  character: 'c',
  block: 'b',
  fifo: 'p',
};

/** `-rwsr-xr-x` from a type and an octal mode. */
export function modeText(type: EntryFacts['type'], mode: string): string {
  const bits = Number.parseInt(mode, 8);
  const triple = (shift: number, special: boolean, set: string): string => {
    const r = bits & (4 << shift) ? 'r' : '-';
    const w = bits & (2 << shift) ? 'w' : '-';
    const x = (bits & (1 << shift)) !== 0;
    return r + w + (special ? (x ? set : set.toUpperCase()) : x ? 'x' : '-');
  };
  return (
    TYPE_LETTERS[type] +
    triple(6, (bits & 0o4000) !== 0, 's') +
    triple(3, (bits & 0o2000) !== 0, 's') +
    triple(0, (bits & 0o1000) !== 0, 't')
  );
}

/** An entry as one line: layer, change, mode, owner, size, time, path, and what a person should know of it. */
export function entryLine(entry: EntryFacts): string {
  const columns = [
    String(entry.layer).padStart(3),
    CHANGE_LETTERS[entry.change],
    modeText(entry.type, entry.mode),
    `${entry.uid}:${entry.gid}`.padEnd(9),
    String(entry.size).padStart(10),
    (entry.mtime ?? '-').slice(0, 19).replace('T', ' ').padEnd(19),
    escapePath(entry),
  ];
  const notes: string[] = [];
  if (entry.change !== 'added' && entry.change !== 'unchanged') notes.push(changeNote(entry));
  if (entry.state !== 'live') notes.push(entry.state);
  const liveAs = entry.liveAs ?? (entry.state === 'live' ? undefined : entry.alsoLiveAs?.[0]);
  if (liveAs !== undefined) notes.push(`the file is still live as ${escapeText(liveAs)}`);
  if (entry.superseded) notes.push('replaced by a later member of the same tar');
  if (entry.capabilities !== undefined) notes.push(entry.capabilities);
  return columns.join(' ') + (notes.length === 0 ? '' : `  [${notes.join('; ')}]`);
}

function changeNote(entry: EntryFacts): string {
  if (entry.change === 'deleted') return `deleted by ${entry.deletedBy} ${escapeText(entry.via ?? '')}`;
  if (entry.changed.length === 0) return entry.change;
  return `${entry.change}: ${entry.changed.join(', ')}`;
}

/** The path, escaped, with its link target. A path that is not UTF-8 is escaped already. */
function escapePath(entry: EntryFacts): string {
  const path = entry.rawName === undefined ? escapeText(entry.path) : entry.path;
  return entry.linkname === null ? path : `${path} -> ${escapeText(entry.linkname)}`;
}

/** Lines of a list of entries. */
export function* entryTable(
  entries: Iterable<EntryFacts>,
  line: (entry: EntryFacts) => string,
): Generator<string> {
  for (const entry of entries) yield line(entry);
}
