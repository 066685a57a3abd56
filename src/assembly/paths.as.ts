import { NONE } from './header.as';
import { LAST_FOLDER } from './memory.as';

/** Adds paths to an image's table, as PathTable does: the table's arrays are in the module's memory. */

const SLASH: u32 = 0x2f;
const DOT: u32 = 0x2e;

// The table of paths, see PathTable: the addresses of its arrays, their capacities, and how much is used.
let parents: u32 = 0;
let nameEnds: u32 = 0;
let firstChildren: u32 = 0;
let nextSiblings: u32 = 0;
let room: u32 = 0;
let names: u32 = 0;
let namesRoom: u32 = 0;
let slots: u32 = 0;
let slotCount: u32 = 0;
let idBits: u32 = 0;
let seed: u32 = 0;
export let paths: u32 = 0;
export let namesUsed: u32 = 0;

let folderLength: u32 = 0;
let folderPath: u32 = 0;

/** Sets the addresses of the table's columns, each with room for `count` paths. */
export function columnsAt(parent: u32, nameEnd: u32, firstChild: u32, nextSibling: u32, count: u32): void {
  parents = parent;
  nameEnds = nameEnd;
  firstChildren = firstChild;
  nextSiblings = nextSibling;
  room = count;
}

export function namesAt(bytes: u32, length: u32): void {
  names = bytes;
  namesRoom = length;
}

export function slotsAt(first: u32, count: u32, bits: u32, hashSeed: u32): void {
  slots = first;
  slotCount = count;
  idBits = bits;
  seed = hashSeed;
}

/** Resets the cached directory, because another table has other paths. */
export function forgetFolder(): void {
  folderLength = 0;
}

/** Sets how many paths the table has: JavaScript adds paths too. */
export function tableHas(count: u32, used: u32): void {
  paths = count;
  namesUsed = used;
}

/** Returns the path of a name and adds it to the table; NONE if the name is not a normalized path, or is a whiteout. */
export function pathOf(start: u32, stop: u32): u32 {
  if (load<u8>(start) == SLASH) return NONE;
  let end = stop;
  while (load<u8>(end - 1) == SLASH) end--;
  let last = end;
  while (last > start && load<u8>(last - 1) != SLASH) last--;
  const length = end - last;
  // "." as the last step, as in "./".
  if (length == 1 && load<u8>(last) == DOT) return last == start ? 0 : NONE;
  if (isOdd(last, length)) return NONE;
  if (last == start) return child(0, last, end);
  const folder = folderOf(start, last - 1);
  return folder == NONE ? NONE : child(folder, last, end);
}

/** Reports whether a step is not a plain name: empty, "..", or beginning with ".wh.". */
function isOdd(step: u32, length: u32): bool {
  if (length == 0) return true;
  if (load<u8>(step) != DOT) return false;
  if (length == 2) return load<u8>(step, 1) == DOT;
  return length >= 4 && load<u32>(step) == 0x2e68772e;
}

function folderOf(start: u32, stop: u32): u32 {
  const all = stop - start;
  if (all == folderLength && same(start, LAST_FOLDER, all)) return folderPath;
  let path: u32 = 0;
  let step = start;
  while (step < stop) {
    let end = step;
    while (end < stop && load<u8>(end) != SLASH) end++;
    const length = end - step;
    if (length == 1 && load<u8>(step) == DOT) {
      if (step != start) return NONE;
    } else {
      // A directory may have a name that begins with ".wh.": only the last step can be a whiteout.
      if (length == 0 || (length == 2 && load<u8>(step) == DOT && load<u8>(step, 1) == DOT)) return NONE;
      path = child(path, step, end);
      if (path == NONE) return NONE;
    }
    step = end + 1;
  }
  if (load<u8>(stop - 1) == SLASH) return NONE;
  memory.copy(LAST_FOLDER, start, all);
  folderLength = all;
  folderPath = path;
  return path;
}

/** Returns the child with that name and adds it if it does not exist; NONE if the table is full. */
function child(parent: u32, start: u32, end: u32): u32 {
  const hashed = hash(parent, start, end);
  const length = end - start;
  let slot = <u32>(<f64>hashed * 2.3283064365386963e-10 * <f64>slotCount);
  while (true) {
    const held = load<u32>(slots + (slot << 2));
    if (held == 0) break;
    if ((held ^ (hashed << idBits)) >>> idBits == 0) {
      const id = held & ((1 << idBits) - 1);
      if (load<u32>(parents + (id << 2)) == parent) {
        const at = load<u32>(nameEnds + (id << 2) - 4);
        if (load<u32>(nameEnds + (id << 2)) == at + length && same(names + at, start, length)) return id;
      }
    }
    if (++slot == slotCount) slot = 0;
  }
  // The same maximum load as in PathTable.
  if (paths >= room || namesUsed + length > namesRoom || (paths + 1) * 3 > slotCount * 2) return NONE;
  const id = paths++;
  // Names are short: a call to memory.copy takes longer than this loop.
  for (let i: u32 = 0; i < length; i++) store<u8>(names + namesUsed + i, load<u8>(start + i));
  namesUsed += length;
  store<u32>(parents + (id << 2), parent);
  store<u32>(nameEnds + (id << 2), namesUsed);
  store<u32>(nextSiblings + (id << 2), load<u32>(firstChildren + (parent << 2)));
  store<u32>(firstChildren + (parent << 2), id);
  store<u32>(slots + (slot << 2), id | (hashed << idBits));
  return id;
}

function hash(parent: u32, start: u32, end: u32): u32 {
  let h = seed ^ (parent * 0x9e3779b1);
  for (let i = start; i < end; i++) h = (h ^ (<u32>load<u8>(i))) * 0x01000193;
  return (h ^ (h >>> 15)) * 0x9e3779b1;
}

function same(one: u32, other: u32, length: u32): bool {
  let i: u32 = 0;
  for (; i + 8 <= length; i += 8) if (load<u64>(one + i) != load<u64>(other + i)) return false;
  for (; i < length; i++) if (load<u8>(one + i) != load<u8>(other + i)) return false;
  return true;
}
