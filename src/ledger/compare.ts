import { EntryType } from '../tar/member.ts';
import { Changed } from './change.ts';
import type { LayerEntries } from './layer-entries.ts';

/** An entry of a layer. A hard link is represented by the file that it names (see resolveHardlink). */
export interface Generation {
  readonly layer: LayerEntries;
  readonly entry: number;
}

/** Returns what differs between two generations of a path, as bits of {@link Changed}. */
export function differences(before: Generation, after: Generation): number {
  return entryDifferences(before.layer, before.entry, after.layer, after.entry);
}

/**
 * Returns the same for entry `i` of one layer and entry `j` of another. Hot path, called once per path of a lower
 * layer: must not allocate.
 */
export function entryDifferences(before: LayerEntries, i: number, after: LayerEntries, j: number): number {
  const a = before.columns;
  const b = after.columns;
  const metadata = metadataDifferences(before, i, after, j);
  if (a.type[i] !== b.type[j]) return Changed.type | metadata;
  switch (b.type[j]) {
    case EntryType.file:
      return contentDifference(before, i, after, j) | metadata;
    case EntryType.symlink:
    // Only a dangling hard link gets here: it has only a target name to compare.
    case EntryType.hardlink:
      return sameBytes(before.link(i), after.link(j)) ? metadata : Changed.target | metadata;
    case EntryType.character:
    case EntryType.block:
      return sameDevice(before, i, after, j) ? metadata : Changed.device | metadata;
    default:
      return metadata;
  }
}

function contentDifference(before: LayerEntries, i: number, after: LayerEntries, j: number): number {
  if (before === after && i === j) return 0;
  const size = after.size(j);
  if (before.columns.size[i] !== size) return Changed.content;
  if (size === 0) return 0;
  const a = before.sha256(i);
  const b = after.sha256(j);
  if (a === null || b === null) return Changed.content | Changed.unverified;
  return sameBytes(a, b) ? 0 : Changed.content;
}

function metadataDifferences(before: LayerEntries, i: number, after: LayerEntries, j: number): number {
  const a = before.columns;
  const b = after.columns;
  let bits = 0;
  // The mode of a symbolic link has no meaning on Linux and differs between writers.
  if (a.mode[i] !== b.mode[j] && b.type[j] !== EntryType.symlink) bits |= Changed.mode;
  if (a.uid[i] !== b.uid[j] || a.gid[i] !== b.gid[j]) bits |= Changed.owner;
  if (!sameXattrs(before, i, after, j)) bits |= Changed.xattrs;
  if (a.mtime[i] !== b.mtime[j]) bits |= Changed.mtime;
  return bits;
}

function sameXattrs(before: LayerEntries, i: number, after: LayerEntries, j: number): boolean {
  const a = before.columns.extras.get(i)?.xattrs;
  const b = after.columns.extras.get(j)?.xattrs;
  if ((a?.size ?? 0) !== (b?.size ?? 0)) return false;
  if (a === undefined || b === undefined) return true;
  for (const [name, value] of a) {
    const other = b.get(name);
    if (other === undefined || !sameBytes(value, other)) return false;
  }
  return true;
}

function sameDevice(before: LayerEntries, i: number, after: LayerEntries, j: number): boolean {
  const a = before.columns.extras.get(i)?.device;
  const b = after.columns.extras.get(j)?.device;
  return a?.[0] === b?.[0] && a?.[1] === b?.[1];
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
