import { createRequire } from 'node:module';
import type stringWidth from 'string-width';

const NOT_PRINTABLE_ASCII = /[^\x20-\x7e]/;

// Both are made when a text first needs them: each takes a good part of a command's start.
let segmenter: Intl.Segmenter | null = null;
let measure: typeof stringWidth | null = null;

/** The bundler packs what `require` names; from source there is no `require`. */
function loadMeasure(): typeof stringWidth {
  const module = (
    typeof require === 'function' ? require('string-width') : createRequire(import.meta.url)('string-width')
  ) as { readonly default: typeof stringWidth };
  return module.default;
}

/**
 * Width of text in terminal cells: 2 for wide characters and emoji, 0 for combining marks.
 * Escape hostile text first; controls count as nothing, SGR sequences too.
 */
export function displayWidth(s: string): number {
  if (!NOT_PRINTABLE_ASCII.test(s)) return s.length;
  measure ??= loadMeasure();
  return measure(s);
}

/** What a person takes for single characters (UAX #29), in order; joined they are `s`. */
export function graphemes(s: string): string[] {
  if (!NOT_PRINTABLE_ASCII.test(s)) return s.split('');
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(s), ({ segment }) => segment);
}
