import stringWidth from 'string-width';

const NOT_PRINTABLE_ASCII = /[^\x20-\x7e]/;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Width of text in terminal cells: 2 for wide characters and emoji, 0 for combining marks.
 * Escape hostile text first; controls count as nothing, SGR sequences too.
 */
export function displayWidth(s: string): number {
  return NOT_PRINTABLE_ASCII.test(s) ? stringWidth(s) : s.length;
}

/** What a person takes for single characters (UAX #29), in order; joined they are `s`. */
export function graphemes(s: string): string[] {
  if (!NOT_PRINTABLE_ASCII.test(s)) return s.split('');
  return Array.from(segmenter.segment(s), ({ segment }) => segment);
}
