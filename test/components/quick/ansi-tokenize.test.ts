import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as plain from '@alcalzone/ansi-tokenize';
import { describe, expect, it } from 'vitest';
import * as once from '../../../components/quick/ansi-tokenize.ts';
import { cases, fc } from '../../property.ts';
import { paintedText } from './painted-text.ts';

const ROWS = [
  '',
  'plain',
  '\x1b[1;38;5;81mbold\x1b[22;39m and 漢字 and 👩‍👩‍👧',
  '\x1b[48;5;238m\x1b[38;5;255mselected \x1b[9mstruck\x1b[29m\x1b[39m\x1b[49m',
  'a\u0301\u200b\x1b]0;title\x07b',
];

describe('what stands in for ansi-tokenize in the built program', () => {
  it.each(ROWS)('gives the same for %j, the first time and every other', (row) => {
    for (let turn = 0; turn < 3; turn++) {
      expect(once.tokenize(row)).toEqual(plain.tokenize(row));
      expect(once.tokenize(row, 3)).toEqual(plain.tokenize(row, 3));
      const chars = once.styledCharsFromTokens(once.tokenize(row));
      expect(chars).toEqual(plain.styledCharsFromTokens(plain.tokenize(row)));
      expect(once.styledCharsToString(chars)).toBe(plain.styledCharsToString(chars));
    }
    expect(once.tokenize(row)).toBe(once.tokenize(row));
    expect(once.styledCharsFromTokens(once.tokenize(row))).toBe(
      once.styledCharsFromTokens(once.tokenize(row)),
    );
  });

  it('answers which characters are seen as the question asks it', () => {
    const row = `A ~ \u200b\u00ad\ufe0f é 漢\n`;
    const seen = (chars: readonly { value: string }[]): string[] =>
      chars
        .filter((char) => !/^\p{Default_Ignorable_Code_Point}+$/u.test(char.value))
        .map(({ value }) => value);
    const expected = seen(plain.styledCharsFromTokens(plain.tokenize(row)));
    for (let turn = 0; turn < 2; turn++) {
      expect(seen(once.styledCharsFromTokens(once.tokenize(row)))).toEqual(expected);
    }
    const chars = once.styledCharsFromTokens(once.tokenize(row));
    expect(chars.filter(({ value }) => value === 'A')).toHaveLength(1);
    expect(chars.filter(({ value }) => value === '漢')).toHaveLength(1);
  });

  it('divides what it has put together into the same characters', () => {
    const styles = plain.styledCharsFromTokens(plain.tokenize('\x1b[1;38;5;81mx'))[0]!.styles;
    const cell = (value: string, styled: boolean) =>
      ({ type: 'char', value, fullWidth: false, styles: styled ? styles : [] }) as const;
    for (const chars of [
      [cell('a', false), cell('b', true), cell('c', true), cell(' ', false)],
      [cell('e', true), cell('\u0301', true)],
    ]) {
      const text = once.styledCharsToString(chars);
      expect(text).toBe(plain.styledCharsToString(chars));
      const divided = once.styledCharsFromTokens(once.tokenize(text));
      expect([...divided]).toEqual(plain.styledCharsFromTokens(plain.tokenize(text)));
    }
  });

  it('gives the same for any text', () => {
    fc.assert(
      fc.property(paintedText, (text) => {
        expect(once.tokenize(text)).toEqual(plain.tokenize(text));
        const chars = once.styledCharsFromTokens(once.tokenize(text));
        expect([...chars]).toEqual(plain.styledCharsFromTokens(plain.tokenize(text)));
        expect(once.styledCharsToString(chars)).toBe(plain.styledCharsToString(chars));
        const seen = (all: readonly { value: string }[]): unknown =>
          all.filter((char) => !/^\p{Default_Ignorable_Code_Point}+$/u.test(char.value));
        expect(seen(chars)).toEqual(seen([...chars]));
      }),
      cases(300),
    );
  });

  it('has one object for a sign of one look, and forgets what it knows of ever new colours', () => {
    const divide = (text: string) => once.styledCharsFromTokens(once.tokenize(text));
    expect(divide('\x1b[1ma')[0]).toBe(divide('\x1b[1mba')[1]);
    expect(divide('\x1b[1ma')[0]).not.toBe(divide('a')[0]);
    for (let n = 0; n < 5_000; n++) {
      const text = `\x1b[38;2;${n >> 8};${n & 255};0mx\x1b[39my`;
      expect([...divide(text)]).toEqual(plain.styledCharsFromTokens(plain.tokenize(text)));
    }
  });

  it('keeps the rows of the screens before, and no more', () => {
    const first = once.tokenize('row 0');
    for (let row = 1; row <= 590; row++) once.tokenize(`row ${row}`);
    expect(once.tokenize('row 0')).toBe(first);
    for (let row = 1; row <= 1300; row++) once.tokenize(`row ${row}`);
    expect(once.tokenize('row 0')).not.toBe(first);
  });

  it('has all that ansi-tokenize has, and the build uses it', () => {
    expect(Object.keys(once).toSorted()).toEqual(Object.keys(plain).toSorted());
    const program = readFileSync(path.join(import.meta.dirname, '../../../build.ts'), 'utf8');
    expect(program).toContain("'@alcalzone/ansi-tokenize': './components/quick/ansi-tokenize.ts'");
  });
});
