import type { Ledger } from '../../ledger/ledger.ts';
import { seenAfter } from '../../ledger/link-groups.ts';
import { EntryType } from '../../tar/member.ts';
import { permissionText } from '../../tar/mode-text.ts';
import { escapeText } from '../../text/escape.ts';
import { pathText } from '../../text/path-text.ts';

/** The letter of each entry type. A body file has two letters, for the directory entry and for the file. */
const LETTERS: Readonly<Record<EntryType, string>> = {
  [EntryType.file]: 'r',
  [EntryType.hardlink]: 'r',
  [EntryType.symlink]: 'l',
  [EntryType.directory]: 'd',
  [EntryType.character]: 'c',
  [EntryType.block]: 'b',
  [EntryType.fifo]: 'p',
};

/**
 * Formats every entry of every layer as a body file 3 (The Sleuth Kit, "Body file"):
 * `MD5|name|inode|mode|UID|GID|size|atime|mtime|ctime|crtime`. A tar archive only records mtime, so the other times
 * are 0. Names begin with their layer.
 */
export function* bodyFile(ledger: Ledger): Generator<string> {
  for (let event = 0; event < ledger.eventCount; event++) {
    const layer = ledger.layerOf(event);
    const gone = ledger.isDeletion(event);
    const { place, size } = seenAfter(ledger, ledger.entryEvent(event), gone ? layer - 1 : layer);
    const holder = ledger.entriesOf(place.layer);
    const { entry } = place;
    const path = escapeText(pathText(ledger.paths.path(ledger.pathOf(event)))).replaceAll('|', '\\x7c');
    const name = `layer-${layer}${path}${gone ? ' (deleted)' : ''}`;
    const letter = LETTERS[holder.type(entry)];
    const mode = `${letter}/${letter}${permissionText(holder.mode(entry))}`;
    const mtime = gone ? 0 : Math.trunc(holder.mtime(entry));
    yield `0|${name}|0|${mode}|${holder.uid(entry)}|${holder.gid(entry)}|${gone ? 0 : size}|0|${mtime}|0|0`;
  }
}
