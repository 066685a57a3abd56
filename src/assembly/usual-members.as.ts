/**
 * The index's inner loop, in AssemblyScript (a TypeScript that becomes WebAssembly): reads the headers of a
 * tar's members one behind the other and puts their paths into the image's table. It takes a fifth of the time
 * that the same takes in JavaScript, most of which passes before V8 has compiled it.
 *
 * It knows members of the form that nearly all have, and leaves at the first of any other: TarParser, FolderStack
 * and PathTable do the same for all of them, and say what is right. `run` is called again behind that one.
 */

const BLOCK: u32 = 512;
/** Bytes of the longest name that an extended header may give here. */
const MAX_NAME: u32 = 1000;
/** What a field gives that holds no number of the usual form. */
const NONE: u32 = 0xffffffff;
const SLASH: u32 = 0x2f;
const DOT: u32 = 0x2e;

/** Type flags (POSIX.1-1988, ustar; POSIX.1-2001, pax). */
const FILE: u32 = 0x30;
const HARDLINK: u32 = 0x31;
const SYMLINK: u32 = 0x32;
const FOLDER: u32 = 0x35;
const EXTENDED: u32 = 0x78;

/** Members that one run gives at most: so many blocks fit into the window. */
export const MOST: u32 = 256;

// What a run found, a column each; the first byte is not used, since an address of 0 means none to people.
export const PATH: u32 = 1024;
export const UID: u32 = PATH + 4 * MOST;
export const GID: u32 = UID + 4 * MOST;
/** Where the member's first header begins in memory. */
export const HEADER: u32 = GID + 4 * MOST;
/** Where the header begins that tells its type, and the target of a link. */
export const OWN_HEADER: u32 = HEADER + 4 * MOST;
export const SIZE: u32 = OWN_HEADER + 4 * MOST;
export const MTIME: u32 = SIZE + 8 * MOST;
export const MODE: u32 = MTIME + 8 * MOST;
export const FLAG: u32 = MODE + 2 * MOST;
/** The folder of the last member, as its name begins. */
const LAST_FOLDER: u32 = FLAG + MOST;
/** The bytes of the tar, which whoever calls reads to here. */
export const WINDOW: u32 = 16384;
export const WINDOW_SIZE: u32 = MOST * BLOCK;
/** Free memory begins here. */
export const FREE: u32 = WINDOW + WINDOW_SIZE;

// The table of paths, see PathTable: where its arrays begin, how long they are, and how far they are filled.
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

/** Where the next header begins, and the end of the last member's bytes: addresses, far behind the window too. */
export let next: f64 = 0;
export let dataEnd: f64 = 0;

// What the header says that was read last.
let flag: u32 = 0;
let mode: u32 = 0;
let uid: u32 = 0;
let gid: u32 = 0;
let size: u64 = 0;
let mtime: u64 = 0;

/** Where the table's columns are, with room for so many paths each. */
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

/** Another table has other paths. */
export function forgetFolder(): void {
  folderLength = 0;
}

/**
 * Takes as many members of the usual form as stand from `first` on, one behind the other.
 * @param first where the first header begins, on a block of the tar
 * @param stop where the bytes of the tar end
 * @param pathCount how many paths the table has
 * @param used bytes of names that it has
 * @returns how many members there are in the columns; `next` is where the one begins that was left
 */
export function run(first: u32, stop: u32, pathCount: u32, used: u32): u32 {
  paths = pathCount;
  namesUsed = used;
  let count: u32 = 0;
  let at = first;
  next = <f64>at;
  while (count < MOST && at + BLOCK <= stop) {
    let header = at;
    let name = at;
    let nameEnd: u32 = 0;
    if (load<u8>(at, 156) == EXTENDED) {
      const length = pathRecord(at, stop);
      if (length == 0) break;
      nameEnd = at + BLOCK + length - 1;
      name = valueOf(at + BLOCK);
      header = at + BLOCK + padded(length);
      if (header + BLOCK > stop) break;
    }
    if (!readHeader(header)) break;
    if (nameEnd == 0) nameEnd = endOf(name, name + 100);
    const path = pathOf(name, nameEnd);
    if (path == NONE) break;
    store<u32>(PATH + (count << 2), path);
    store<u32>(UID + (count << 2), uid);
    store<u32>(GID + (count << 2), gid);
    store<u32>(HEADER + (count << 2), at);
    store<u32>(OWN_HEADER + (count << 2), header);
    store<f64>(SIZE + (count << 3), <f64>size);
    store<f64>(MTIME + (count << 3), <f64>mtime);
    store<u16>(MODE + (count << 1), <u16>(mode & 0o7777));
    store<u8>(FLAG + count, <u8>flag);
    count++;
    const bytes = <f64>(header + BLOCK);
    dataEnd = bytes + <f64>size;
    next = bytes + <f64>((size + BLOCK - 1) & ~(<u64>BLOCK - 1));
    if (next >= <f64>stop) break;
    at = <u32>next;
  }
  return count;
}

/** Reads a file's, folder's or link's header; false for any other, and for one with a field of another form. */
function readHeader(at: u32): bool {
  if (load<u8>(at) == 0 || load<u8>(at, 345) != 0) return false;
  flag = load<u8>(at, 156);
  if (flag != FILE && flag != FOLDER && flag != SYMLINK && flag != HARDLINK) return false;
  if (!sumHolds(at)) return false;
  mode = sevenDigits(at + 100);
  uid = sevenDigits(at + 108);
  gid = sevenDigits(at + 116);
  const sizeHigh = fourDigits(at + 124);
  const sizeLow = sevenDigits(at + 128);
  const timeHigh = fourDigits(at + 136);
  const timeLow = sevenDigits(at + 140);
  if (mode == NONE || uid == NONE || gid == NONE) return false;
  if (sizeHigh == NONE || sizeLow == NONE || timeHigh == NONE || timeLow == NONE) return false;
  // Only files have bytes in the tar, whatever the field says of others.
  size = flag == FILE ? ((<u64>sizeHigh) << 21) | sizeLow : 0;
  mtime = ((<u64>timeHigh) << 21) | timeLow;
  return true;
}

/** Whether the checksum holds, which stands there as six digits, a NUL and a space. */
function sumHolds(at: u32): bool {
  const high = fourDigits(at + 148);
  const low = load<u32>(at, 152);
  if (high == NONE || (low & 0xfffff8f8) != 0x20003030) return false;
  const stored = (high << 6) | ((low & 7) << 3) | ((low >>> 8) & 7);
  let sums = i32x4.splat(0);
  for (let i: u32 = 0; i < BLOCK; i += 16) {
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v128.load(at + i))));
  }
  let sum: u32 = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
  sum += i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  // Spaces stand in for the field itself.
  for (let i: u32 = 148; i < 156; i++) sum += 0x20 - <u32>load<u8>(at + i);
  return sum == stored;
}

/** A field of seven octal digits and a NUL or a space. */
function sevenDigits(at: u32): u32 {
  const last = load<u8>(at, 7);
  const low = (<u32>load<u16>(at, 4)) | ((<u32>load<u8>(at, 6)) << 16);
  const high = fourDigits(at);
  if (high == NONE || (low & 0xf8f8f8) != 0x303030 || (last != 0 && last != 0x20)) return NONE;
  return (high << 9) | ((low & 7) << 6) | (((low >>> 8) & 7) << 3) | ((low >>> 16) & 7);
}

function fourDigits(at: u32): u32 {
  const word = load<u32>(at);
  if ((word & 0xf8f8f8f8) != 0x30303030) return NONE;
  return ((word & 7) << 9) | (((word >>> 8) & 7) << 6) | (((word >>> 16) & 7) << 3) | ((word >>> 24) & 7);
}

/**
 * The length of an extended header's records, where they are one that gives the path: "29 path=...\n".
 * @returns 0 for any other, and where not all of it is there
 */
function pathRecord(at: u32, stop: u32): u32 {
  if (!sumHolds(at) || fourDigits(at + 124) != 0) return 0;
  const length = sevenDigits(at + 128);
  if (length == NONE || length > MAX_NAME || at + BLOCK + length > stop) return 0;
  const value = valueOf(at + BLOCK);
  const end = at + BLOCK + length - 1;
  if (value == 0 || value >= end || load<u8>(end) != 0x0a) return 0;
  // The number in front is the record's own length.
  let told: u32 = 0;
  for (let i = at + BLOCK; i < value - 6; i++) told = told * 10 + (<u32>load<u8>(i) - 0x30);
  if (told != length || endOf(value, end) != end) return 0;
  return length;
}

/** Where the value begins of a record that gives a path; 0 for any other. */
function valueOf(record: u32): u32 {
  let at = record;
  while (at < record + 4 && <u32>load<u8>(at) - 0x30 < 10) at++;
  // " pat" and "h=", behind a number that does not begin with a zero.
  if (at == record || load<u8>(record) == 0x30) return 0;
  return load<u32>(at) == 0x74617020 && load<u16>(at, 4) == 0x3d68 ? at + 6 : 0;
}

/** Where a NUL ends the bytes up to `stop`, or `stop`. */
function endOf(start: u32, stop: u32): u32 {
  let at = start;
  while (at < stop && load<u8>(at) != 0) at++;
  return at;
}

/** The path of a name, put into the table; NONE for a name that is not written as its path is, and for whiteouts. */
function pathOf(start: u32, stop: u32): u32 {
  if (load<u8>(start) == SLASH) return NONE;
  let end = stop;
  while (load<u8>(end - 1) == SLASH) end--;
  let last = end;
  while (last > start && load<u8>(last - 1) != SLASH) last--;
  const length = end - last;
  // A folder that names itself, as "./" in front of all names.
  if (length == 1 && load<u8>(last) == DOT) return last == start ? 0 : NONE;
  if (isOdd(last, length)) return NONE;
  if (last == start) return child(0, last, end);
  const folder = folderOf(start, last - 1);
  return folder == NONE ? NONE : child(folder, last, end);
}

/** True for steps that mean something else than a name: none, "..", and those that begin with ".wh.". */
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
      // A whiteout's name is one among folders.
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

/** The child of that name, made where it is not there yet; NONE where the table has no room for it. */
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
  // As full as PathTable lets them be.
  if (paths >= room || namesUsed + length > namesRoom || (paths + 1) * 3 > slotCount * 2) return NONE;
  const id = paths++;
  // Names are short: a call to copy them takes longer than their bytes.
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

function padded(length: u32): u32 {
  return (length + BLOCK - 1) & ~(BLOCK - 1);
}
