import { describe, expect, it, vi } from 'vitest';
import { githubToken, password } from '../../fixtures/canary.ts';
import { buildAutomaton } from '../../src/secrets/automaton.ts';
import { ContentScanner } from '../../src/secrets/content-scanner.ts';
import { Matcher } from '../../src/secrets/matcher.ts';
import type { RawHit } from '../../src/secrets/raw-hit.ts';
import { RULES } from '../../src/secrets/rules/catalogue.ts';
import { plainScanner, streamScanner } from '../../src/secrets/scanner.ts';
import {
  MOST_TAGGED,
  sameTag,
  SeenContents,
  sharedSeen,
  type Tag,
  TAG_ROOM,
} from '../../src/secrets/seen-contents.ts';
import { SmallContents } from '../../src/secrets/small-contents.ts';
import { cases, fc } from '../property.ts';

const NOW = Date.UTC(2026, 0, 1);

describe('tags', () => {
  const memory = new WebAssembly.Memory({ initial: 16 });
  const bytes = new Uint8Array(memory.buffer);
  const ROOM = 10 * 65536;
  const seen = new SeenContents(sharedSeen(), memory, ROOM);

  const tagOf = (content: Uint8Array, purpose = 0, at = 128): Tag => {
    bytes.set(content, at);
    return seen.tag(at, content.length, purpose);
  };

  it('are the same for the same bytes, wherever they lie and whatever lies behind them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(100), fc.nat(255), (content, at, behind) => {
        const tag = tagOf(content);
        bytes.fill(behind, at, at + 500);
        expect(tagOf(content, 0, at)).toEqual(tag);
      }),
    );
  });

  it('are others for each other byte, each other length and each other purpose', () => {
    const content = Buffer.alloc(200, 'some content or other');
    const tags = [tagOf(content), tagOf(content, 1)];
    for (let at = 0; at < content.length; at++) {
      const changed = Buffer.from(content);
      changed[at]! ^= 1 << (at % 8);
      tags.push(tagOf(changed));
    }
    for (let length = 0; length < 200; length++) tags.push(tagOf(content.subarray(0, length)));
    for (let length = 1; length < 70; length++) tags.push(tagOf(Buffer.alloc(length)));
    for (const [i, tag] of tags.entries()) {
      for (const other of tags.slice(i + 1)) expect(sameTag(tag, other)).toBe(false);
    }
  });

  it('of the longest content tell its last byte', () => {
    const room = new WebAssembly.Memory({ initial: Math.ceil((MOST_TAGGED + 64 + TAG_ROOM) / 65536) });
    const long = new SeenContents(sharedSeen(), room, MOST_TAGGED + 64);
    const tag = long.tag(0, MOST_TAGGED, 0);
    new Uint8Array(room.buffer)[MOST_TAGGED - 1] = 1;
    expect(sameTag(long.tag(0, MOST_TAGGED, 0), tag)).toBe(false);
  });

  it('are others with another key', () => {
    const content = Buffer.from('the same content');
    const tag = tagOf(content);
    const other = new SeenContents(sharedSeen(), memory, ROOM);
    expect(sameTag(other.tag(128, content.length, 0), tag)).toBe(false);
  });

  it('are known to whoever shares the memory', () => {
    const shared = sharedSeen();
    const [one, other] = [new SeenContents(shared, memory, ROOM), new SeenContents(shared, memory, ROOM)];
    const tag = one.tag(128, 50, 0);
    expect([one.has(tag), other.has(tag)]).toEqual([false, false]);
    one.add(tag);
    expect([one.has(tag), other.has(other.tag(128, 50, 0)), other.has(other.tag(128, 51, 0))]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('that find no room are not remembered', () => {
    const full = new SeenContents(sharedSeen(), memory, ROOM);
    const tags = Array.from({ length: 20 }, (_, i): Tag => ({ a: 7, b: i + 1, c: 0, d: 0 }));
    for (const tag of tags) full.add(tag);
    expect(tags.map((tag) => full.has(tag))).toEqual(tags.map((_, i) => i < 16));
  });
});

describe('contents that come again', () => {
  const token = githubToken('seen');
  const filler = (letter: string): string => letter.repeat(1500);
  const contents = [
    filler('a'),
    filler('b'),
    `${filler('c')} ${token}\n`,
    `${filler('d')}\npassword = "${password('seen')}"\n`,
    `${filler('e')} gh`,
    token,
    'short',
  ].map((text) => Buffer.from(text));

  const made = (seen?: SharedArrayBuffer): { matcher: Matcher; small: SmallContents } => {
    const matcher = new Matcher(RULES, { now: NOW, seen });
    return { matcher, small: SmallContents.of(matcher) };
  };

  /** What is found in contents, in the order in which it is told. */
  const found = (
    small: SmallContents,
    list: readonly number[],
    flushes: ReadonlySet<number>,
  ): [number, RawHit[]][] => {
    const told: [number, RawHit[]][] = [];
    for (const [place, index] of list.entries()) {
      small.add(contents[index]!, (hits) => told.push([place, hits]));
      if (flushes.has(place)) small.flush();
    }
    small.flush();
    return told;
  };

  it('hold what they held before, and are told in their order', () => {
    const plain = made().small;
    const list = fc.array(fc.nat(contents.length - 1), { maxLength: 20 });
    fc.assert(
      fc.property(list, list, fc.array(fc.nat(20)), (first, second, flushes) => {
        const shared = sharedSeen();
        const [one, other] = [made(shared).small, made(shared).small];
        const at = new Set(flushes);
        expect(found(one, first, at)).toEqual(found(plain, first, at));
        expect(found(other, second, at)).toEqual(found(plain, second, at));
        expect(found(one, second, at)).toEqual(found(plain, second, at));
      }),
      cases(10),
    );
  });

  it('are looked through once, by all threads together', () => {
    const shared = sharedSeen();
    const [one, other] = [made(shared), made(shared)];
    const rooms = [one, other].map(({ matcher }) => vi.spyOn(matcher.finder.scanner.room!, 'scan'));
    const bytes = (): number[] => rooms.map((room) => room.mock.calls.reduce((sum, [to]) => sum + to, 0));
    const clean = [0, 1, 4, 0, 1, 4, 4, 1, 0];
    found(one.small, clean, new Set());
    const distinct = [0, 1, 4].reduce((sum, index) => sum + contents[index]!.length + 1, 0);
    expect(bytes()).toEqual([distinct, 0]);
    found(other.small, clean, new Set([3, 5]));
    expect(bytes()).toEqual([distinct, 0]);
    const holding = contents[2]!.length + 1;
    found(one.small, [2, 2], new Set());
    found(one.small, [2], new Set());
    expect(bytes()).toEqual([distinct + holding, 0]);
  });
});

describe('stretches of large contents', () => {
  const automaton = buildAutomaton([{ text: 'needle' }, { text: 'abc' }]);
  const stretch = Buffer.alloc(4000, '.');

  it('in which nothing was found count for the same state before them only', () => {
    const scanner = streamScanner(automaton, sharedSeen())!;
    const plain = plainScanner(automaton);
    const hits = (with_: typeof scanner, bytes: Uint8Array, from: number): number[] => {
      const places: number[] = [];
      with_.scan(bytes, from, bytes.length, (last) => places.push(last));
      return places;
    };
    const tail = Buffer.concat([Buffer.from('dle'), stretch]);
    const contents = [
      [tail, 0],
      [Buffer.concat([Buffer.from('nee'), tail]), 3],
      [Buffer.concat([Buffer.from('ab'), tail]), 2],
      [Buffer.concat([Buffer.from('nee'), tail]), 3],
      [tail, 0],
    ] as const;
    const expected = contents.map(([bytes, from]) => hits(plain, bytes, from));
    expect(contents.map(([bytes, from]) => hits(scanner, bytes, from))).toEqual(expected);
    expect(expected).toEqual([[], [5], [], [5], []]);
  });

  it('give the same findings however often they come', () => {
    const large = Buffer.concat([
      Buffer.alloc(300_000, '. '),
      Buffer.from(`\nkey ${githubToken('large')}\n`),
      Buffer.alloc(600_000, ', '),
    ]);
    const shared = sharedSeen();
    const expected = new ContentScanner(new Matcher(RULES, { now: NOW }));
    expected.feed(large);
    const hits = expected.end();
    expect(hits).toHaveLength(1);
    for (const piece of [large.length, 100_000, 65_536]) {
      const scanner = new ContentScanner(new Matcher(RULES, { now: NOW, seen: shared }));
      for (let at = 0; at < large.length; at += piece) scanner.feed(large.subarray(at, at + piece));
      expect(scanner.end()).toEqual(hits);
    }
  });
});
