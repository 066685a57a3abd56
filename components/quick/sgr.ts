/** Longer parameters are no colour and no attribute; what reads escape sequences disagrees about them. */
const MOST_DIGITS = 4;

/**
 * Where a sequence of colours and attributes ends (ECMA-48 SGR).
 * @param start index of its ESC
 * @returns the index behind it; -1 where there is none, or one with other parameters than short numbers
 */
export function sequenceEnd(text: string, start: number): number {
  if (text.charCodeAt(start + 1) !== 0x5b) return -1;
  let digits = 0;
  for (let index = start + 2; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0x6d) return index + 1;
    if (unit === 0x3b) digits = 0;
    else if (unit < 0x30 || unit > 0x39 || ++digits > MOST_DIGITS) return -1;
  }
  return -1;
}
