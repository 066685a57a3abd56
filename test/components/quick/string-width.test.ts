import { readFileSync } from 'node:fs';
import path from 'node:path';
import plainWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import quickWidth from '../../../components/quick/string-width.ts';
import { cases, fc } from '../../property.ts';
import { paintedText } from './painted-text.ts';

describe('what stands in for string-width in the built program', () => {
  it.each([
    ['ASCII', 'abc', 3],
    ['two panes and the line between them', '\x1b[1mleft\x1b[22m │ right', 12],
    ['wide characters', '漢字 한 カ', 10],
    ['an emoji of several', '👩‍👩‍👧', 2],
    ['a sequence that does not end', 'a\x1b[38;5', 6],
    ['nothing', '', 0],
  ])('measures %s', (_, text, width) => {
    expect(quickWidth(text)).toBe(width);
    expect(plainWidth(text)).toBe(width);
  });

  it('measures any text as string-width does', () => {
    fc.assert(
      fc.property(paintedText, (text) => {
        expect(quickWidth(text)).toBe(plainWidth(text));
      }),
      cases(300),
    );
  });

  it.each([{ ambiguousIsNarrow: false }, { countAnsiEscapeCodes: true }])('measures with %j', (options) => {
    const text = '\x1b[1m│ é 漢\x1b[22m';
    expect(quickWidth(text, options)).toBe(plainWidth(text, options));
  });

  it('is what the build uses', () => {
    const program = readFileSync(path.join(import.meta.dirname, '../../../build.ts'), 'utf8');
    expect(program).toContain("'string-width': './components/quick/string-width.ts'");
  });
});
