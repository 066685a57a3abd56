import { Change } from '../ledger/change.ts';
import { CHANGE_LETTERS } from '../ledger/change-letters.ts';
import type { EntryFacts } from '../ledger/entry-facts.ts';
import { EntryType } from '../tar/member.ts';
import { modeText } from '../tar/mode-text.ts';
import { escapeText } from '../text/escape.ts';

/** Formats an entry as one line: layer, change, mode, owner, size, time, path, and notes. */
export function entryLine(entry: EntryFacts): string {
  const columns = [
    String(entry.layer).padStart(3),
    CHANGE_LETTERS[Change[entry.change]],
    modeText(EntryType[entry.type], Number.parseInt(entry.mode, 8)),
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

/** Escapes the path and appends its link target. A path that is not UTF-8 is already escaped. */
function escapePath(entry: EntryFacts): string {
  const path = entry.rawName === undefined ? escapeText(entry.path) : entry.path;
  return entry.linkname === null ? path : `${path} -> ${escapeText(entry.linkname)}`;
}

/** Formats entries, one line each. */
export function* entryTable(
  entries: Iterable<EntryFacts>,
  line: (entry: EntryFacts) => string,
): Generator<string> {
  for (const entry of entries) yield line(entry);
}
