/** Which byte of each pair is the low one. */
export type Utf16 = 'utf-16le' | 'utf-16be';

const BOM_LE = [0xff, 0xfe] as const;
const BOM_BE = [0xfe, 0xff] as const;
/** Pairs that must look like Latin text where no byte order mark says so. */
const SAMPLE = 512;
const ENOUGH = 0.9;

/**
 * Tells whether content is UTF-16: by its byte order mark, or because nearly every pair in its first
 * bytes is a Latin character beside a zero.
 * @param head the first bytes; a few hundred are enough
 */
export function detectUtf16(head: Uint8Array): Utf16 | null {
  if (head[0] === BOM_LE[0] && head[1] === BOM_LE[1]) return 'utf-16le';
  if (head[0] === BOM_BE[0] && head[1] === BOM_BE[1]) return 'utf-16be';
  const pairs = Math.min(SAMPLE, head.length >> 1);
  if (pairs < 8) return null;
  const misses = pairs - Math.ceil(pairs * ENOUGH);
  let little = 0;
  let big = 0;
  for (let i = 0; i < pairs; i++) {
    const first = head[2 * i]!;
    const second = head[2 * i + 1]!;
    if (second === 0 && isText(first)) little++;
    else if (first === 0 && isText(second)) big++;
    // Neither can become enough: most contents are told by their first few pairs.
    if (i + 1 - Math.max(little, big) > misses) return null;
  }
  if (little >= pairs * ENOUGH) return 'utf-16le';
  return big >= pairs * ENOUGH ? 'utf-16be' : null;
}

/**
 * One byte for each pair: the low one of Latin characters, 0x1a for all others. Credentials are ASCII, so
 * nothing is lost, and offsets double.
 * @param bytes an even number of bytes
 */
export function narrowUtf16(bytes: Uint8Array, form: Utf16): Uint8Array {
  const out = new Uint8Array(bytes.length >> 1);
  const low = form === 'utf-16le' ? 0 : 1;
  for (let i = 0; i < out.length; i++) {
    out[i] = bytes[2 * i + (1 - low)] === 0 ? bytes[2 * i + low]! : 0x1a;
  }
  return out;
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
