/** Which byte of each pair is the low one. */
export type Utf16 = 'utf-16le' | 'utf-16be';

const BOM_LE = [0xff, 0xfe] as const;
const BOM_BE = [0xfe, 0xff] as const;
/** Number of pairs to check if there is no byte order mark. */
const SAMPLE = 512;
const MIN_SHARE = 0.9;

/**
 * Detects UTF-16, by its byte order mark or because nearly every pair in the first bytes is a Latin character
 * and a zero.
 * @param head the first bytes; a few hundred are enough
 */
export function detectUtf16(head: Uint8Array): Utf16 | null {
  if (head[0] === BOM_LE[0] && head[1] === BOM_LE[1]) return 'utf-16le';
  if (head[0] === BOM_BE[0] && head[1] === BOM_BE[1]) return 'utf-16be';
  const pairs = Math.min(SAMPLE, head.length >> 1);
  if (pairs < 8) return null;
  const misses = pairs - Math.ceil(pairs * MIN_SHARE);
  let little = 0;
  let big = 0;
  for (let i = 0; i < pairs; i++) {
    const first = head[2 * i]!;
    const second = head[2 * i + 1]!;
    if (second === 0 && isText(first)) little++;
    else if (first === 0 && isText(second)) big++;
    // Neither byte order can reach the threshold any more. Most contents are rejected by their first few
    // pairs.
    if (i + 1 - Math.max(little, big) > misses) return null;
  }
  if (little >= pairs * MIN_SHARE) return 'utf-16le';
  return big >= pairs * MIN_SHARE ? 'utf-16be' : null;
}

/**
 * Returns one byte for each pair: the low byte of Latin characters, 0x1a for all others. Credentials are
 * ASCII, so none is lost. Offsets in the original are twice those in the result.
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
