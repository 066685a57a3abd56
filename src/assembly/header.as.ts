/** Reads header blocks of the plain form, field by field (see tar/plain-header.ts). */

export const BLOCK: u32 = 512;
/** The value of a field that is not a plain octal number. */
export const NONE: u32 = 0xffffffff;

/** Type flags (POSIX.1-1988, ustar). */
export const FILE: u32 = 0x30;
const HARDLINK: u32 = 0x31;
const SYMLINK: u32 = 0x32;
const FOLDER: u32 = 0x35;

// The fields of the last header read.
export let flag: u32 = 0;
export let mode: u32 = 0;
export let uid: u32 = 0;
export let gid: u32 = 0;
export let size: u64 = 0;
export let mtime: u64 = 0;

/** Reads the header of a file, directory or link; returns false for other types, and if a field is not a plain number. */
export function readHeader(at: u32): bool {
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
  // Only files have content in the tar; the size field of other types is ignored.
  size = flag == FILE ? ((<u64>sizeHigh) << 21) | sizeLow : 0;
  mtime = ((<u64>timeHigh) << 21) | timeLow;
  return true;
}

/** Reports whether the checksum, written as six digits, a NUL and a space, is correct. */
export function sumHolds(at: u32): bool {
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
  // The checksum field counts as spaces.
  for (let i: u32 = 148; i < 156; i++) sum += 0x20 - <u32>load<u8>(at + i);
  return sum == stored;
}

/** Parses a field of seven octal digits and a NUL or a space. */
export function sevenDigits(at: u32): u32 {
  const last = load<u8>(at, 7);
  const low = (<u32>load<u16>(at, 4)) | ((<u32>load<u8>(at, 6)) << 16);
  const high = fourDigits(at);
  if (high == NONE || (low & 0xf8f8f8) != 0x303030 || (last != 0 && last != 0x20)) return NONE;
  return (high << 9) | ((low & 7) << 6) | (((low >>> 8) & 7) << 3) | ((low >>> 16) & 7);
}

export function fourDigits(at: u32): u32 {
  const word = load<u32>(at);
  if ((word & 0xf8f8f8f8) != 0x30303030) return NONE;
  return ((word & 7) << 9) | (((word >>> 8) & 7) << 6) | (((word >>> 16) & 7) << 3) | ((word >>> 24) & 7);
}

/** Returns the address of the first NUL before `stop`, or `stop`. */
export function endOf(start: u32, stop: u32): u32 {
  let at = start;
  while (at < stop && load<u8>(at) != 0) at++;
  return at;
}

export function padded(length: u32): u32 {
  return (length + BLOCK - 1) & ~(BLOCK - 1);
}
