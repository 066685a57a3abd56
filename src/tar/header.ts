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

/** Bytes up to the first NUL, as C reads them. */
export function upToNul(bytes: Uint8Array): Uint8Array {
  const nul = bytes.indexOf(0);
  return nul < 0 ? bytes : bytes.subarray(0, nul);
}

/** What a link's header names: where it leads to. */
export function linkTarget(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.subarray(at + 157, fieldEnd(bytes, at + 157, 100));
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
 * @param words the same memory as `bytes`, from its buffer's first byte on, four bytes at once; it
 * makes the sum several times faster
 */
export function checksumHolds(bytes: Uint8Array, at: number, words: Int32Array | null = null): boolean {
  const stored = parseNumber(bytes, at + 148, 8);
  if (stored === null) return false;
  let sum = words === null ? sumOf(bytes, at, at + BLOCK) : sumOfBlock(bytes, at, words);
  for (let i = at + 148; i < at + 156; i++) sum += 0x20 - bytes[i]!;
  return sum === stored || sum - 256 * highBytes(bytes, at) === stored;
}

function sumOf(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += bytes[i]!;
  return sum;
}

/** The block's bytes, which may begin and end within a word. */
function sumOfBlock(bytes: Uint8Array, at: number, words: Int32Array): number {
  const place = bytes.byteOffset + at;
  const first = (place + 3) >> 2;
  const last = (place + BLOCK) >> 2;
  const head = sumOf(bytes, at, at + first * 4 - place);
  return sumOfWords(words, first, last) + head + sumOf(bytes, at + last * 4 - place, at + BLOCK);
}

/**
 * The sum of the bytes of at most 128 words, [first, last). Adds even and odd bytes of each in 16-bit lanes, which
 * just hold so many.
 */
function sumOfWords(words: Int32Array, first: number, last: number): number {
  let even = 0;
  let odd = 0;
  for (let i = first; i < last; i++) {
    const word = words[i]!;
    even += word & 0xff00ff;
    odd += (word >>> 8) & 0xff00ff;
  }
  return (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16);
}

function highBytes(bytes: Uint8Array, at: number): number {
  let high = 0;
  for (let i = at; i < at + BLOCK; i++) if (i < at + 148 || i >= at + 156) high += bytes[i]! >> 7;
  return high;
}

/** Which of the forms a header is in; it decides what bytes 257 to 511 mean. */
export function formatOf(bytes: Uint8Array, at: number): TarFormat {
  const m = at + 257;
  // "ustar"
  const named =
    bytes[m] === 0x75 &&
    bytes[m + 1] === 0x73 &&
    bytes[m + 2] === 0x74 &&
    bytes[m + 3] === 0x61 &&
    bytes[m + 4] === 0x72;
  if (!named) return 'v7';
  if (bytes[m + 5] === 0x20) return bytes[m + 6] === 0x20 && bytes[m + 7] === 0 ? 'gnu' : 'v7';
  if (bytes[m + 5] !== 0) return 'v7';
  const t = at + 508;
  const isStar = bytes[t] === 0x74 && bytes[t + 1] === 0x61 && bytes[t + 2] === 0x72 && bytes[t + 3] === 0;
  return isStar ? 'star' : 'ustar';
}

/**
 * The bytes of the prefix field that stand before the name, without the slash between them.
 * Go's writer before 1.8 put a prefix into GNU headers too, where the access and change times
 * belong; as Go's reader does, it is taken for one where it is no number and all ASCII.
 * @returns where the prefix ends, counting from byte 345 of the block at `at`; 0 for none
 */
export function prefixLength(bytes: Uint8Array, at: number, format: TarFormat): number {
  const start = at + 345;
  if (bytes[start] === 0) return 0;
  switch (format) {
    case 'v7':
      return 0;
    case 'ustar':
      return fieldEnd(bytes, start, 155) - start;
    case 'star':
      return fieldEnd(bytes, start, 131) - start;
    case 'gnu': {
      if (isTime(bytes, start) && isTime(bytes, start + 12)) return 0;
      const end = fieldEnd(bytes, start, 155);
      for (let i = start; i < end; i++) if (bytes[i]! >= 0x80) return 0;
      return end - start;
    }
  }
}

function isTime(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === 0 || parseNumber(bytes, start, 12) !== null;
}
