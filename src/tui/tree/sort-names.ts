import type { PathTable } from '../../layer/path-table.ts';

/** Up to this count, comparison sort is as fast as radix sort. */
const FEW = 256;
const KEY_BYTES = 6;

/** Sorts paths by the raw bytes of their names, in place. For the children of one directory. */
export function sortByName(paths: PathTable, ids: Uint32Array): Uint32Array {
  if (ids.length <= FEW) return ids.sort((a, b) => compareBytes(paths.name(a), paths.name(b)));
  return sortMany(paths, ids);
}

/** Compares bytes as memcmp does; a prefix comes first. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Radix sort on the bytes after the common prefix; ties are compared in full. */
function sortMany(paths: PathTable, ids: Uint32Array): Uint32Array {
  const names = Array.from(ids, (id) => paths.name(id));
  const prefix = commonPrefix(names);
  const n = ids.length;
  const keys = Array.from({ length: KEY_BYTES }, () => new Uint16Array(n));
  for (let i = 0; i < n; i++) {
    const name = names[i]!;
    // The end of a name sorts before any byte.
    for (let k = 0; k < KEY_BYTES; k++) keys[k]![i] = prefix + k < name.length ? name[prefix + k]! + 1 : 0;
  }
  let order = Uint32Array.from(ids, (_, i) => i);
  let next = new Uint32Array(n);
  for (let k = KEY_BYTES - 1; k >= 0; k--) {
    const key = keys[k]!;
    const starts = new Uint32Array(258);
    for (let i = 0; i < n; i++) starts[key[i]! + 1]!++;
    for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
    for (let i = 0; i < n; i++) {
      const at = order[i]!;
      next[starts[key[at]!]!++] = at;
    }
    [order, next] = [next, order];
  }
  const equal = (a: number, b: number) => keys.every((key) => key[a] === key[b]);
  for (let start = 0; start < n;) {
    let end = start + 1;
    while (end < n && equal(order[start]!, order[end]!)) end++;
    if (end - start > 1) order.subarray(start, end).sort((a, b) => compareBytes(names[a]!, names[b]!));
    start = end;
  }
  const sorted = order.map((i) => ids[i]!);
  ids.set(sorted);
  return ids;
}

function commonPrefix(names: readonly Uint8Array[]): number {
  const first = names[0]!;
  let length = first.length;
  for (const name of names) {
    let i = 0;
    while (i < length && i < name.length && name[i] === first[i]) i++;
    length = i;
  }
  return length;
}
