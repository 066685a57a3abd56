import { EntryFlag } from '../layer/index-columns.ts';
import { EntryType } from '../tar/member.ts';
import { Changed } from './change.ts';
import type { LayerEntries } from './layer-entries.ts';

/** An entry of a layer; a hard link stands for the file that it names (see resolveHardlink). */
export interface Generation {
  readonly layer: LayerEntries;
  readonly entry: number;
}

/** What differs between two generations of a path, as bits of {@link Changed}. */
export function differences(before: Generation, after: Generation): number {
  const a = before.layer.columns;
  const b = after.layer.columns;
  const i = before.entry;
  const j = after.entry;
  let bits = 0;
  if (a.type[i] !== b.type[j]) return Changed.type | metadataDifferences(before, after);
  switch (b.type[j]) {
    case EntryType.file:
      bits |= contentDifference(before, after);
      break;
    case EntryType.symlink:
    // A hard link that comes here names nothing: all there is to compare is the name.
    case EntryType.hardlink:
      if (!sameBytes(before.layer.link(i), after.layer.link(j))) bits |= Changed.target;
      break;
    case EntryType.character:
    case EntryType.block:
      if (!sameDevice(before, after)) bits |= Changed.device;
      break;
  }
  return bits | metadataDifferences(before, after);
}

function contentDifference(before: Generation, after: Generation): number {
  if (before.layer === after.layer && before.entry === after.entry) return 0;
  const size = after.layer.columns.size[after.entry]!;
  if (before.layer.columns.size[before.entry] !== size) return Changed.content;
  if (size === 0) return 0;
  const a = before.layer.sha256(before.entry);
  const b = after.layer.sha256(after.entry);
  if (a === null || b === null) return Changed.content | Changed.unverified;
  return sameBytes(a, b) ? 0 : Changed.content;
}

function metadataDifferences(before: Generation, after: Generation): number {
  const a = before.layer.columns;
  const b = after.layer.columns;
  const i = before.entry;
  const j = after.entry;
  let bits = 0;
  // A symlink's own mode means nothing on Linux and differs between writers.
  if (a.mode[i] !== b.mode[j] && b.type[j] !== EntryType.symlink) bits |= Changed.mode;
  if (a.uid[i] !== b.uid[j] || a.gid[i] !== b.gid[j]) bits |= Changed.owner;
  if (!sameXattrs(before, after)) bits |= Changed.xattrs;
  if (a.mtime[i] !== b.mtime[j]) bits |= Changed.mtime;
  return bits;
}

function sameXattrs(before: Generation, after: Generation): boolean {
  const a = before.layer.columns.extras.get(before.entry)?.xattrs;
  const b = after.layer.columns.extras.get(after.entry)?.xattrs;
  if ((a?.size ?? 0) !== (b?.size ?? 0)) return false;
  if (a === undefined || b === undefined) return true;
  for (const [name, value] of a) {
    const other = b.get(name);
    if (other === undefined || !sameBytes(value, other)) return false;
  }
  return true;
}

function sameDevice(before: Generation, after: Generation): boolean {
  const a = before.layer.columns.extras.get(before.entry)?.device;
  const b = after.layer.columns.extras.get(after.entry)?.device;
  return a?.[0] === b?.[0] && a?.[1] === b?.[1];
}

/** True for a file whose stored bytes are not its content; such contents are hashed only on request. */
export function isSparse(generation: Generation): boolean {
  return (generation.layer.columns.flags[generation.entry]! & EntryFlag.sparse) !== 0;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
