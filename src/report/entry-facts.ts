import { capabilityText } from '../ledger/capability.ts';
import { CHANGE_NAMES, type ChangeName, changedNames, type ChangedName } from '../ledger/change.ts';
import type { Ledger, State } from '../ledger/ledger.ts';
import type { LayerEntries } from '../ledger/layer-entries.ts';
import { sparseGet } from '../layer/sparse-bytes.ts';
import { ENTRY_TYPE_NAMES, EntryType, type EntryTypeName } from '../tar/member.ts';
import { decodeName, escapeBytes } from '../text/escape.ts';
import { isoTime } from '../text/time.ts';

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
}

const DELETED_BY = ['whiteout', 'opaque', 'replacement'] as const;

/** A path's text: as it is where it is UTF-8, else with `\xNN` for the bytes that are not. */
export function pathText(bytes: Uint8Array): string {
  const { text, utf8 } = decodeName(bytes);
  return utf8 ? text : escapeBytes(bytes);
}

/** What one event of the ledger did, as the contract words it. */
export function eventFacts(ledger: Ledger, event: number): EntryFacts {
  const layer = ledger.layerOf(event);
  const held = ledger.entryEvent(event);
  const holder = ledger.layers[ledger.layerOf(held)]!;
  const base = entryFacts(ledger, holder, ledger.entryOf(held), ledger.pathOf(event));
  const facts = {
    ...base,
    layer,
    change: CHANGE_NAMES[ledger.change(event)]!,
    changed: changedNames(ledger.changed(event)),
    state: ledger.state(event),
  };
  if (!ledger.isDeletion(event)) return facts;
  const { via, by } = ledger.deletion(event);
  return { ...facts, via: pathText(ledger.paths.path(via)), deletedBy: DELETED_BY[by] };
}

/** The duplicates inside one tar, as entries. */
export function supersededFacts(ledger: Ledger): EntryFacts[] {
  return ledger.superseded.map(({ layer, entry, path, change, changed }) => ({
    ...entryFacts(ledger, ledger.layers[layer]!, entry, path),
    layer,
    change: CHANGE_NAMES[change]!,
    changed: changedNames(changed),
    state: ledger.lastEvent(path) >= 0 && ledger.isDeletion(ledger.lastEvent(path)) ? 'deleted' : 'shadowed',
    superseded: true,
  }));
}

function entryFacts(
  ledger: Ledger,
  holder: LayerEntries,
  entry: number,
  path: number,
): Omit<EntryFacts, 'layer' | 'change' | 'changed' | 'state'> {
  const { columns } = holder;
  const bytes = ledger.paths.path(path);
  const type = holder.type(entry);
  const isLink = type === EntryType.symlink || type === EntryType.hardlink;
  const sha256 = holder.sha256(entry);
  const capability = columns.extras.get(entry)?.xattrs?.get('security.capability');
  const raw = decodeName(bytes).utf8 ? null : (sparseGet(columns.rawNames, entry) ?? bytes.subarray(1));
  return {
    path: pathText(bytes),
    type: ENTRY_TYPE_NAMES[type],
    mode: columns.mode[entry]!.toString(8).padStart(4, '0'),
    uid: columns.uid[entry]!,
    gid: columns.gid[entry]!,
    size: columns.size[entry]!,
    mtime: isoTime(columns.mtime[entry]!),
    linkname: isLink ? pathText(holder.link(entry)) : null,
    ...(sha256 === null ? {} : { sha256: Buffer.from(sha256).toString('hex') }),
    ...(capability === undefined ? {} : { capabilities: capabilityText(capability) }),
    ...(raw === null ? {} : { rawName: Buffer.from(raw).toString('base64') }),
  };
}
