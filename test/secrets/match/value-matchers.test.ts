import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../fixtures/canary.ts';
import { RunningTexture, texture } from '../../../src/secrets/entropy.ts';
import { valueFingerprint } from '../../../src/secrets/identity.ts';
import { ContentScanner } from '../../../src/secrets/match/content-scanner.ts';
import { HashMatcher } from '../../../src/secrets/match/hash-matcher.ts';
import type { ContentMatcher } from '../../../src/secrets/match/matcher.ts';
import { TextMatcher } from '../../../src/secrets/match/text-matcher.ts';
import type { KnownHash } from '../../../src/secrets/match/value-search.ts';

const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const VALUE = seededRandom('value matchers').text(BASE62, 32);
const LONGER = seededRandom('another').text('0123456789abcdef', 48);
const hashOf = (value: string, prefixes: readonly string[] = []): KnownHash => ({
  fingerprint: valueFingerprint(Buffer.from(value)),
  length: value.length,
  prefixes,
});
const byHash = new HashMatcher([VALUE, LONGER].map((value) => hashOf(value)));
const byText = new TextMatcher([VALUE, LONGER].map((text) => ({ text, bounded: true })));

const found = (matcher: ContentMatcher, content: string): (readonly [number, string])[] =>
  matcher.matchWhole(Buffer.from(content)).map(({ start, value }) => [start, Buffer.from(value).toString()]);

describe.each([
  ['by their bytes', byText],
  ['by their hashes', byHash],
])('known values %s', (_how, matcher) => {
  it.each([
    ['alone', VALUE, 0],
    ['on a line', `a\n${VALUE}\nb`, 2],
    ['after a name', `TOKEN=${VALUE}`, 6],
    ['after an escaped line end', `{"x":"a\\n${VALUE}"}`, 9],
    ['in a URL', `https://u:${VALUE}@h/`, 10],
    ['between zeros', `\0\0${VALUE}\0`, 2],
  ])('are found %s', (_where, content, start) => {
    expect(found(matcher, content)).toEqual([[start, VALUE]]);
  });

  it('are found at each occurrence', () => {
    expect(found(matcher, `${LONGER},${VALUE};${VALUE}`).map(([, value]) => value)).toEqual([
      LONGER,
      VALUE,
      VALUE,
    ]);
  });

  it.each([
    ['as part of a longer word', `x${VALUE}`],
    ['with more of the word after it', `${VALUE}9`],
    ['without the last character', VALUE.slice(0, -1)],
  ])('are not found %s', (_where, content) => {
    expect(found(matcher, content)).toEqual([]);
  });

  it('are found however the content is split', () => {
    const content = Buffer.from(
      `${'some words here '.repeat(20_000)}${VALUE} ${'x'.repeat(300_000)} ${LONGER}`,
    );
    const scanner = new ContentScanner(matcher);
    for (const step of [1_000, 65_536, content.length]) {
      for (let at = 0; at < content.length; at += step) scanner.feed(content.subarray(at, at + step));
      expect(scanner.end().map(({ end, start }) => content.toString('latin1', start, end))).toEqual([
        VALUE,
        LONGER,
      ]);
    }
  });
});

it.each([
  ['alone', VALUE],
  ['with its line end', `${VALUE}\n`],
])('finds base64 of a value by its hash: %s', (_what, text) => {
  for (const encoding of ['base64', 'base64url'] as const) {
    const encoded = Buffer.from(text).toString(encoding);
    const [hit, ...others] = byHash.matchWhole(Buffer.from(`  token: ${encoded}\n`));
    expect(others).toEqual([]);
    expect(hit).toMatchObject({ start: 9, end: 9 + encoded.length, via: 'base64' });
    expect(Buffer.from(hit!.value).toString()).toBe(VALUE);
  }
});

it('finds a whole file of several lines by its hash', () => {
  const key = `two words\n${VALUE}\nand more\n`;
  expect(found(new HashMatcher([hashOf(key.trimEnd())]), key)).toEqual([[0, key.trimEnd()]]);
});

it('finds a random-looking value inside a longer word', () => {
  const matcher = new TextMatcher([{ text: VALUE, bounded: false }]);
  expect(found(matcher, `x${VALUE}9`)).toEqual([[1, VALUE]]);
});

describe('a token whose prefix and hash are known', () => {
  const token = `tok_${VALUE}`;
  const matcher = new HashMatcher([hashOf(LONGER), hashOf(token, ['tok_'])]);

  it.each([
    ['alone', token, 0],
    ['between letters, as in a database row', `name${token}live`, 4],
    ['after the same prefix', `tok_${token}`, 4],
  ])('is found %s', (_where, content, start) => {
    expect(found(matcher, content)).toEqual([[start, token]]);
  });

  it('is found however the content is split', () => {
    const content = Buffer.from(
      `${'some words here '.repeat(20_000)}\0name${token}live ${'x'.repeat(300_000)}`,
    );
    const scanner = new ContentScanner(matcher);
    for (const step of [1_000, 65_536, content.length]) {
      for (let at = 0; at < content.length; at += step) scanner.feed(content.subarray(at, at + step));
      expect(scanner.end().map(({ end, start }) => content.toString('latin1', start, end))).toEqual([token]);
    }
  });
});

it('accepts every random text in the incremental texture check', () => {
  const running = new RunningTexture();
  const random = seededRandom('textures');
  const passed: [text: string, mayBeRandom: boolean][] = [];
  for (const alphabet of ['0123456789abcdef', BASE62, 'thereandstionerSTN12', 'abc-_./ABC123$&']) {
    for (let count = 0; count < 500; count++) {
      const text = random.text(alphabet, 8 + random.below(40));
      running.reset();
      for (const byte of Buffer.from(text)) running.add(byte);
      if (texture(text) === 'random') passed.push([text, running.mayBeRandom()]);
    }
  }
  expect(passed.length).toBeGreaterThan(0);
  expect(passed.filter(([, mayBeRandom]) => !mayBeRandom)).toEqual([]);
});
