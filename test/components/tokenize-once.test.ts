import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as plain from '@alcalzone/ansi-tokenize';
import { describe, expect, it } from 'vitest';
import * as once from '../../components/tokenize-once.ts';

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

  it('may do so, since Ink asks for characters wherever it asks for tokens', () => {
    const build = path.join(import.meta.dirname, '../../node_modules/ink/build');
    const calls = readdirSync(build, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .flatMap((name) => readFileSync(path.join(build, name), 'utf8').match(/.{0,25}\btokenize\(/g) ?? []);
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) expect(call).toMatch(/styledCharsFromTokens\(tokenize\($/);
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
    const program = readFileSync(path.join(import.meta.dirname, '../../build.ts'), 'utf8');
    expect(program).toContain("'@alcalzone/ansi-tokenize': './components/tokenize-once.ts'");
  });
});
