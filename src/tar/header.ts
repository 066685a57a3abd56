/**
 * One 512-byte header block of a tar archive, field by field.
 * POSIX.1-1988 ustar, GNU, old GNU, star and v7 forms.
 */
export const BLOCK = 512;

export type TarFormat = 'v7' | 'ustar' | 'gnu' | 'star';

const ZERO = 0x30;
/** The first byte of a word is its lowest. */
const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

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
 * @param words the same memory as `bytes`, see {@link checksumHolds}
 * @returns the number, or null where the field holds neither
 */
export function parseNumber(
  bytes: Uint8Array,
  start: number,
  length: number,
  words: Int32Array | null = null,
): number | null {
  if (words !== null) {
    const number = octalInWords(words, bytes.byteOffset + start, length);
    if (number >= 0) return number;
  }
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

/**
 * The usual form of a field, four digits at once: octal digits up to its last byte, which is a NUL or a space.
 * @param place of the field in the words' memory
 * @param length a multiple of four
 * @returns -1 for any other form, and where the field does not begin at a word
 */
function octalInWords(words: Int32Array, place: number, length: number): number {
  if ((place & 3) !== 0 || !LITTLE_ENDIAN) return -1;
  let value = 0;
  const last = (place + length - 4) >> 2;
  for (let i = place >> 2; i < last; i++) {
    const word = words[i]!;
    if ((word & 0xf8f8f8f8) !== 0x30303030) return -1;
    value = value * 0o10000 + threeDigits(word) * 8 + ((word >> 24) & 7);
  }
  const word = words[last]!;
  return (word & 0xdff8f8f8) === 0x00303030 ? value * 0o1000 + threeDigits(word) : -1;
}

/** What the three lower bytes of a word say as octal digits. */
function threeDigits(word: number): number {
  return ((word & 7) << 6) | ((word >> 5) & 0o70) | ((word >> 16) & 7);
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
  const stored = parseNumber(bytes, at + 148, 8, words);
  if (stored === null) return false;
  let sum = words === null ? sumOf(bytes, at, at + BLOCK) : sumOfWords(bytes, at, words);
  for (let i = at + 148; i < at + 156; i++) sum += 0x20 - bytes[i]!;
  return sum === stored || sum - 256 * highBytes(bytes, at) === stored;
}

function sumOf(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += bytes[i]!;
  return sum;
}

/** Adds even and odd bytes of each word in 16-bit lanes: 128 words of two bytes a lane just fit. */
function sumOfWords(bytes: Uint8Array, at: number, words: Int32Array): number {
  const place = bytes.byteOffset + at;
  const first = (place + 3) >> 2;
  const last = (place + BLOCK) >> 2;
  let even = 0;
  let odd = 0;
  for (let i = first; i < last; i++) {
    const word = words[i]!;
    even += word & 0xff00ff;
    odd += (word >>> 8) & 0xff00ff;
  }
  const lanes = (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16);
  const head = sumOf(bytes, at, at + first * 4 - place);
  return lanes + head + sumOf(bytes, at + last * 4 - place, at + BLOCK);
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
