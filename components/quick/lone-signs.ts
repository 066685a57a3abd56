/*
 * Signs that are a character each, whatever stands beside them, as long as that is one of them too: dividing
 * a text of them needs no look at its neighbourhood. (UAX #29: none of them is Extend, SpacingMark, Prepend,
 * a conjoining jamo, a regional indicator or ZWJ, and each is one UTF-16 unit.)
 */
const RANGES: readonly (readonly [first: number, last: number])[] = [
  [0x0a, 0x0a],
  [0x20, 0x7e],
  // Latin, IPA; without the soft hyphen, which is not seen.
  [0xa1, 0xac],
  [0xae, 0x2ff],
  // Greek, Cyrillic
  [0x38e, 0x3a1],
  [0x3a3, 0x482],
  [0x48a, 0x52f],
  // Box drawing
  [0x2500, 0x257f],
  // Kana, Han, syllables of Hangul
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
];

const lone = new Uint8Array(0x10000);
for (const [first, last] of RANGES) lone.fill(1, first, last + 1);

/** Whether a UTF-16 unit is such a sign. */
export function isLone(unit: number): boolean {
  return lone[unit] === 1;
}
