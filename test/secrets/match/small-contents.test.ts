import { describe, expect, it } from 'vitest';
import { githubToken, password } from '../../../fixtures/canary.ts';
import { SCAN_CAPACITY } from '../../../src/secrets/match/anchor-scanner.ts';
import { ContentScanner } from '../../../src/secrets/match/content-scanner.ts';
import { Matcher } from '../../../src/secrets/match/matcher.ts';
import { SmallContents } from '../../../src/secrets/match/small-contents.ts';
import type { RawHit } from '../../../src/secrets/raw-hit.ts';
import { RULES } from '../../../src/secrets/rules/catalogue.ts';
import { cases, fc } from '../../property.ts';

const matcher = new Matcher(RULES, { now: Date.UTC(2026, 0, 1) });
const small = SmallContents.of(matcher);
const scanner = new ContentScanner(matcher);

/** Returns the hits of each content when they are scanned together. */
function together(contents: readonly Buffer[]): RawHit[][] {
  const found: RawHit[][] = contents.map(() => []);
  for (const [index, content] of contents.entries()) {
    expect(small.add(content, (hits) => (found[index] = hits))).toBe(true);
  }
  small.flush();
  return found;
}

function alone(content: Buffer): RawHit[] {
  scanner.feed(content);
  return scanner.end();
}

describe('SmallContents', () => {
  const token = githubToken('small');
  const pieces = [token, `pass`, `word = "${password('small')}"`, '\n', '\0', 'SQLite format 3\0', 'gh', 'a'];

  it('finds the same as in each content alone', () => {
    const content = fc
      .array(fc.constantFrom(...pieces, 'x'.repeat(700)), { maxLength: 6 })
      .map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(fc.array(content, { maxLength: 12 }), (contents) => {
        expect(together(contents)).toEqual(contents.map(alone));
      }),
      cases(40),
    );
  });

  it('does not match across two contents', () => {
    const [head, tail] = [token.slice(0, 20), token.slice(20)];
    expect(together([Buffer.from(head), Buffer.from(tail)])).toEqual([[], []]);
  });

  it('takes any number of contents', () => {
    const contents = Array.from({ length: 50 }, (_, index) =>
      Buffer.from(`${'.\n'.repeat(index * 500)}${githubToken(`small ${index}`)}`),
    );
    const lines = together(contents).map((hits) => hits.map(({ line }) => line));
    expect(lines).toEqual(contents.map((_, index) => [index * 500 + 1]));
  });

  it('rejects contents that are too large or UTF-16', () => {
    const refused = [Buffer.alloc(SCAN_CAPACITY), Buffer.from(`x = ${token}`, 'utf16le')];
    for (const content of refused) expect(small.add(content, () => {})).toBe(false);
  });

  it('takes none if an anchor may contain the separator', () => {
    const rule = { ...RULES[0]!, anchors: [{ text: 'a\0b' }] };
    expect(SmallContents.of(new Matcher([rule])).add(Buffer.from('x'), () => {})).toBe(false);
  });
});
