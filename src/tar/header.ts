/**
 * One 512-byte header block of a tar archive, field by field.
 * POSIX.1-1988 ustar, GNU, old GNU, star and v7 forms.
 */
export const BLOCK = 512;

export type TarFormat = 'v7' | 'ustar' | 'gnu' | 'star';

const ZERO = 0x30;

/** The end of a field that a NUL may cut short. */
export function fieldEnd(bytes: Uint8Array, start: number, length: number): number {
  const stop = start + length;
  let end = start;
  while (end < stop && bytes[end] !== 0) end++;
  return end;
}

/**
 * A numeric field: octal digits among spaces and NULs, or base-256 (GNU, star) when the first
 * byte's high bit is set.
 * @returns the number, or null where the field holds neither
 */
export function parseNumber(bytes: Uint8Array, start: number, length: number): number | null {
  const first = bytes[start]!;
  if (first & 0x80) return parseBase256(bytes, start, length);
  const stop = start + length;
  let at = start;
  while (at < stop && (bytes[at] === 0x20 || bytes[at] === 0)) at++;
  let value = 0;
  for (; at < stop; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 7) {
      if (bytes[at] === 0x20 || bytes[at] === 0) break;
      return null;
    }
    value = value * 8 + digit;
  }
  return value;
}

function parseBase256(bytes: Uint8Array, start: number, length: number): number | null {
  const first = bytes[start]!;
  const negative = (first & 0x40) !== 0;
  let value = negative ? (first & 0x7f) - 0x80 : first & 0x3f;
  for (let i = 1; i < length; i++) value = value * 256 + bytes[start + i]!;
  return Number.isSafeInteger(value) ? value : null;
}

/** True for a block of zeros: half of an end-of-archive marker. */
export function isZeroBlock(bytes: Uint8Array, at: number): boolean {
  const stop = at + BLOCK;
  for (let i = at; i < stop; i++) if (bytes[i] !== 0) return false;
  return true;
}

/**
 * True where the checksum field holds the sum of the block's bytes with that field as spaces.
 * Some old writers summed signed bytes; both sums are accepted, as GNU tar does.
 */
export function checksumHolds(bytes: Uint8Array, at: number): boolean {
  const stored = parseNumber(bytes, at + 148, 8);
  if (stored === null) return false;
  let sum = 8 * 0x20;
  let high = 0;
  for (let i = at; i < at + 148; i++) {
    const byte = bytes[i]!;
    sum += byte;
    high += byte >> 7;
  }
  for (let i = at + 156; i < at + BLOCK; i++) {
    const byte = bytes[i]!;
    sum += byte;
    high += byte >> 7;
  }
  return sum === stored || sum - 256 * high === stored;
}

/** Which of the forms a header is in; it decides what bytes 345 to 500 mean. */
export function formatOf(bytes: Uint8Array, at: number): TarFormat {
  const m = at + 257;
  const isUstar =
    bytes[m] === 0x75 &&
    bytes[m + 1] === 0x73 &&
    bytes[m + 2] === 0x74 &&
    bytes[m + 3] === 0x61 &&
    bytes[m + 4] === 0x72;
  if (!isUstar) return 'v7';
  if (bytes[m + 5] === 0x20) return 'gnu';
  const t = at + 508;
  const isStar = bytes[t] === 0x74 && bytes[t + 1] === 0x61 && bytes[t + 2] === 0x72 && bytes[t + 3] === 0;
  return isStar ? 'star' : 'ustar';
}
