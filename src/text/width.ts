import { createRequire } from 'node:module';
import type stringWidth from 'string-width';

const NOT_PRINTABLE_ASCII = /[^\x20-\x7e]/;

// Both are created on first use: each takes a large part of a command's start-up time.
let segmenter: Intl.Segmenter | null = null;
let measure: typeof stringWidth | null = null;

/** Loads string-width. The bundler resolves `require`, which does not exist when running from source. */
function loadMeasure(): typeof stringWidth {
  const module = (
    typeof require === 'function' ? require('string-width') : createRequire(import.meta.url)('string-width')
  ) as { readonly default: typeof stringWidth };
  return module.default;
}

/**
 * Returns the width of text in terminal cells: 2 for wide characters and emoji, 0 for combining marks,
 * controls and SGR sequences. Escape hostile text first.
 */
export function displayWidth(s: string): number {
  if (!NOT_PRINTABLE_ASCII.test(s)) return s.length;
  measure ??= loadMeasure();
  return measure(s);
}

/** Splits text into user-perceived characters (grapheme clusters, UAX #29). */
export function graphemes(s: string): string[] {
  if (!NOT_PRINTABLE_ASCII.test(s)) return s.split('');
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(s), ({ segment }) => segment);
}
