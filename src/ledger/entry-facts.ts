import { sparseGet } from '../layer/sparse-bytes.ts';
import { ENTRY_TYPE_NAMES, type EntryTypeName } from '../tar/member.ts';
import { octalMode } from '../tar/mode-text.ts';
import { decodeName } from '../text/escape.ts';
import { pathText } from '../text/path-text.ts';
import { isoTime } from '../text/time.ts';
import { capabilityText } from './capability.ts';
import { CHANGE_NAMES, type ChangeName, changedNames, type ChangedName } from './change.ts';
import type { FilePlace, Ledger, State } from './ledger.ts';
import { linkGroups, otherLiveNames, type SeenEntry, seenAfter, storedEntry } from './link-groups.ts';

/** One of the `entries[]` of the contract. */
export interface EntryFacts {
  readonly path: string;
  readonly layer: number;
  readonly type: EntryTypeName;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: string | null;
  readonly linkname: string | null;
  readonly change: ChangeName;
  readonly changed: readonly ChangedName[];
  readonly state: State;
  /** For a deletion: the path of the whiteout's target, or of what replaced it. */
  readonly via?: string;
  readonly deletedBy?: 'whiteout' | 'opaque' | 'replacement';
  readonly sha256?: string;
  readonly capabilities?: string;
  /** Base64 of the name as written, where it is not UTF-8. */
  readonly rawName?: string;
  /** An earlier member of the layer's tar that a later one of the same path replaced. */
  readonly superseded?: true;
  /** The first path under which the final tree has the same file, by a hard link, of an entry that is not live. */
  readonly liveAs?: string;
  /** All other paths under which the final tree has the same file; in the history of one path. */
  readonly alsoLiveAs?: readonly string[];
}

const DELETED_BY = ['whiteout', 'opaque', 'replacement'] as const;

/**
 * Describes what one event of the ledger did, as the contract words it.
 * @param tree the layer after which the tree is shown that has the entry. By default the event's own; for a
 * deletion the one below, which is the last to have what was deleted. It decides which name of a file with
 * hard links is the file.
 */
export function eventFacts(ledger: Ledger, event: number, tree?: number): EntryFacts {
  const layer = ledger.layerOf(event);
  const held = ledger.entryEvent(event);
  const isDeletion = ledger.isDeletion(event);
  const seen = seenAfter(ledger, held, tree ?? (isDeletion ? layer - 1 : layer));
  const written = { layer: ledger.layerOf(held), entry: ledger.entryOf(held) };
  const facts = {
    ...entryFacts(ledger, seen, written, ledger.pathOf(event)),
    layer,
    change: CHANGE_NAMES[ledger.change(event)]!,
    changed: changedNames(ledger.changed(event)),
    state: ledger.state(event),
  };
  if (!isDeletion) return facts;
  const { via, by } = ledger.deletion(event);
  return { ...facts, via: pathText(ledger.paths.path(via)), deletedBy: DELETED_BY[by] };
}

/**
 * Describes an event as {@link eventFacts} does, in a list: of what is not live, one live name of the same file is
 * named. All of them for each would be the square of the names that a hostile image gives to one file.
 */
export function listedFacts(ledger: Ledger, event: number, tree?: number): EntryFacts {
  const facts = eventFacts(ledger, event, tree);
  const name = facts.state === 'live' ? undefined : linkGroups(ledger).of(ledger.entryEvent(event))?.live[0];
  if (name === undefined) return facts;
  return { ...facts, liveAs: pathText(ledger.paths.path(ledger.pathOf(name))) };
}

/**
 * Describes an event of a path's history: what is live as the final tree shows it. Other live names of the same
 * file are named.
 */
export function timelineFacts(ledger: Ledger, event: number): EntryFacts {
  const isLive = ledger.state(event) === 'live';
  const facts = eventFacts(ledger, event, isLive ? ledger.layers.length - 1 : undefined);
  const alsoLiveAs = liveNames(ledger, event);
  return alsoLiveAs.length === 0 ? facts : { ...facts, alsoLiveAs };
}

/** The other paths under which the final tree has the file of an event, or the one that a deletion took away. */
export function liveNames(ledger: Ledger, event: number): string[] {
  return otherLiveNames(ledger, ledger.entryEvent(event)).map((path) => pathText(ledger.paths.path(path)));
}

/** The duplicates inside one tar, as entries. */
export function supersededFacts(ledger: Ledger): EntryFacts[] {
  return ledger.superseded.map(({ layer, entry, path, change, changed }) => ({
    ...entryFacts(ledger, storedEntry(ledger, { layer, entry }), { layer, entry }, path),
    layer,
    change: CHANGE_NAMES[change]!,
    changed: changedNames(changed),
    state: ledger.endedState(path),
    superseded: true,
  }));
}

/** @param written the entry that has the path's name */
function entryFacts(
  ledger: Ledger,
  { link, place, size, type }: SeenEntry,
  written: FilePlace,
  path: number,
): Omit<EntryFacts, 'layer' | 'change' | 'changed' | 'state'> {
  const holder = ledger.entriesOf(place.layer);
  const bytes = ledger.paths.path(path);
  const sha256 = holder.sha256(place.entry);
  const capability = holder.columns.extras.get(place.entry)?.xattrs?.get('security.capability');
  const { rawNames } = ledger.entriesOf(written.layer).columns;
  const raw = decodeName(bytes).utf8 ? null : (sparseGet(rawNames, written.entry) ?? bytes.subarray(1));
  return {
    path: pathText(bytes),
    type: ENTRY_TYPE_NAMES[type],
    mode: octalMode(holder.mode(place.entry)),
    uid: holder.uid(place.entry),
    gid: holder.gid(place.entry),
    size,
    mtime: isoTime(holder.mtime(place.entry)),
    linkname: link === null ? null : pathText(link),
    ...(sha256 === null ? {} : { sha256: Buffer.from(sha256).toString('hex') }),
    ...(capability === undefined ? {} : { capabilities: capabilityText(capability) }),
    ...(raw === null ? {} : { rawName: Buffer.from(raw).toString('base64') }),
  };
}
