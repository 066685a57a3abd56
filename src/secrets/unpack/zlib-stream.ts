import type { Budget } from './budget.ts';
import type { Inflated, WholeInflater } from './whole-inflater.ts';

/** What a stream begins and ends with (RFC 1950 §2.2). */
const HEADER = 2;
const CHECK_SUM = 4;
const DEFLATED = 8;
const NEEDS_DICTIONARY = 1 << 5;

/**
 * Inflates the zlib stream that bytes begin with (RFC 1950). Its check sum is not held against it.
 * @param budget says how many bytes may come of it
 * @param expected how many will
 * @returns `stored` with header and check sum; null where it is none, gives nothing, or gives more than is allowed
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
  if (made === null) budget.lose(allowed);
  if (made === null || (!made.ended && made.bytes.length === 0)) return null;
  return { ...made, stored: HEADER + made.stored + CHECK_SUM };
}
