import { describe, expect, it } from 'vitest';
import { ESCAPE_SEQUENCE, escapeText } from '../../src/text/escape.ts';
import { fit } from '../../src/text/fit.ts';
import { displayWidth, graphemes } from '../../src/text/width.ts';
import { cases, fc } from '../property.ts';
import { anyText } from './hostile-names.ts';

const NI_HON_GO = '\u65e5\u672c\u8a9e';

describe('fit', () => {
  it.each([
    ['pads on the right', 'ab', 4, {}, 'ab  '],
    ['pads on the left', 'ab', 4, { align: 'right' }, '  ab'],
    ['does not pad on request', 'ab', 4, { pad: false }, 'ab'],
    ['keeps text that fits exactly', 'abcd', 4, {}, 'abcd'],
    ['cuts the end', 'abcdef', 4, {}, 'abc~'],
    ['cuts the start', 'abcdef', 4, { cut: 'start' }, '~def'],
    ['cuts the middle', 'abcdefgh', 6, { cut: 'middle' }, 'ab~fgh'],
    ['returns only the mark for one cell', 'abc', 1, {}, '~'],
    ['returns nothing for a width of 0', 'abc', 0, {}, ''],
    ['returns nothing for a negative width', 'abc', -3, {}, ''],
    ['replaces half a wide character with a space', NI_HON_GO, 4, {}, '\u65e5 ~'],
    ['replaces half a wide character at the start too', NI_HON_GO, 4, { cut: 'start' }, '~ \u8a9e'],
    ['cuts between wide characters', NI_HON_GO, 5, {}, '\u65e5\u672c~'],
    ['pads wide text', NI_HON_GO, 7, {}, `${NI_HON_GO} `],
    ['keeps a letter and its mark together', 'ae\u0301bc', 3, {}, 'ae\u0301~'],
    ['drops an escape instead of cutting it', String.raw`a\u{202e}b`, 6, {}, 'a~    '],
    ['never creates an escape from half a backslash', String.raw`ab\\x41`, 5, { cut: 'start' }, '~x41 '],
  ] as const)('%s', (_, text, width, options, expected) => {
    expect(fit(text, width, options)).toBe(expected);
  });

  const width = fc.integer({ min: 0, max: 40 });
  const align = fc.constantFrom('left', 'right');
  const cut = fc.constantFrom('end', 'start', 'middle');

  it('returns exactly the width for any text', () => {
    fc.assert(
      fc.property(anyText.map(escapeText), width, align, cut, (text, cells, side, part) => {
        expect(displayWidth(fit(text, cells, { align: side, cut: part }))).toBe(cells);
        expect(displayWidth(fit(text, cells, { cut: part, pad: false }))).toBeLessThanOrEqual(cells);
      }),
      cases(100),
    );
  });

  it('keeps graphemes and escapes whole', () => {
    fc.assert(
      fc.property(anyText.map(escapeText), width, (text, cells) => {
        const shown = fit(text, cells, { pad: false });
        if (shown === text || cells === 0) return;
        const kept = shown.slice(0, shown.lastIndexOf('~')).trimEnd();
        expect(text.startsWith(kept)).toBe(true);
        expect(kept.replace(ESCAPE_SEQUENCE, '')).not.toContain('\\');
        expect([...graphemes(kept), ...graphemes(text.slice(kept.length))]).toEqual(graphemes(text));
      }),
      cases(100),
    );
  });

  it('cuts a line of 1 MB without measuring all of it', () => {
    const line = `\u65e5${'\u672c'.repeat(1_000_000)}`;
    expect(fit(line, 6)).toBe('\u65e5\u672c ~');
    expect(fit(line, 6, { cut: 'middle' })).toBe('\u65e5~ \u672c');
  });
});
