import type { Budget } from './budget.ts';
import type { Inflated, WholeInflater } from './whole-inflater.ts';

/** Lengths of the header and the checksum (RFC 1950 §2.2). */
const HEADER = 2;
const CHECKSUM = 4;
const DEFLATED = 8;
const NEEDS_DICTIONARY = 1 << 5;

/**
 * Inflates a zlib stream at the start of `bytes` (RFC 1950). Does not verify its checksum.
 * @param budget limits the output
 * @param expected the likely output size
 * @returns null if it is not a zlib stream, yields nothing, or exceeds the budget. `stored` includes header
 *   and checksum
 */
export function inflateZlib(
  bytes: Uint8Array,
  inflater: WholeInflater,
  budget: Budget,
  expected: number,
): Inflated | null {
  const [first = 0, second = 0] = bytes;
  if ((first & 15) !== DEFLATED || (256 * first + second) % 31 !== 0) return null;
  if ((second & NEEDS_DICTIONARY) !== 0) return null;
  const { allowed } = budget;
  const made = inflater.inflate(bytes.subarray(HEADER), allowed, expected);
  if (made === null) budget.discard(allowed);
  if (made === null || (!made.ended && made.bytes.length === 0)) return null;
  return { ...made, stored: HEADER + made.stored + CHECKSUM };
}
