import { describe, expect, it } from 'vitest';
import {
  type AnchorFinder,
  plainScanner,
  SCAN_CAPACITY,
  streamScanner,
} from '../../../src/secrets/match/anchor-scanner.ts';
import { buildAutomaton, outputsOf } from '../../../src/secrets/match/automaton.ts';
import { base64Anchors } from '../../../src/secrets/match/base64-run.ts';
import { shortFinder } from '../../../src/secrets/match/short-finder.ts';
import type { Anchor } from '../../../src/secrets/rule.ts';
import { RULES } from '../../../src/secrets/rules/catalogue.ts';
import { cases, fc } from '../../property.ts';

type Found = [last: number, anchor: number];

function naive(anchors: readonly Anchor[], bytes: Buffer): Found[] {
  const text = bytes.toString('latin1');
  const found: Found[] = [];
  for (let end = 1; end <= text.length; end++) {
    for (const [index, anchor] of anchors.entries()) {
      const piece = text.slice(Math.max(0, end - anchor.text.length), end);
      const same =
        anchor.ignoreCase === true
          ? piece.toLowerCase() === anchor.text.toLowerCase()
          : piece === anchor.text;
      if (same) found.push([end - 1, index]);
    }
  }
  return found;
}

type FinderMaker = (anchors: readonly Anchor[]) => AnchorFinder;

function streams(anchors: readonly Anchor[]): AnchorFinder {
  const automaton = buildAutomaton(anchors);
  return { scanner: streamScanner(automaton)!, outputs: (state) => outputsOf(automaton, state) };
}

function plainLoop(anchors: readonly Anchor[]): AnchorFinder {
  const automaton = buildAutomaton(anchors);
  return { scanner: plainScanner(automaton), outputs: (state) => outputsOf(automaton, state) };
}

function run(
  anchors: readonly Anchor[],
  bytes: Buffer,
  edges: readonly number[],
  make: FinderMaker,
): Found[] {
  const { scanner, outputs } = make(anchors);
  const found: Found[] = [];
  let from = 0;
  for (const to of [...edges, bytes.length]) {
    scanner.scan(bytes, from, to, (last, state) => {
      for (const anchor of outputs(state).toSorted((a, b) => a - b)) found.push([last, anchor]);
    });
    from = to;
  }
  return found;
}

const smallText = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '_'), minLength: min, maxLength: max });
const someAnchors = fc.array(fc.record({ text: smallText(2, 5), ignoreCase: fc.boolean() }), {
  minLength: 1,
  maxLength: 8,
});

describe.each([
  ['the plain loop', plainLoop],
  ['several streams', streams],
  ['their first two bytes', shortFinder],
])('anchors found by %s', (_name, make) => {
  it('equal those of a naive search, however the input is split', () => {
    fc.assert(
      fc.property(someAnchors, smallText(0, 1500), fc.array(fc.nat()), (anchors, text, cuts) => {
        const bytes = Buffer.from(text, 'latin1');
        const edges = cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b);
        expect(run(anchors, bytes, edges, make)).toEqual(naive(anchors, bytes));
      }),
      cases(40),
    );
  });

  it('respect the case setting of each anchor', () => {
    const anchors = [{ text: 'AKIA' }, { text: 'password', ignoreCase: true }, { text: 'pass' }];
    const bytes = Buffer.from('akia AKIA PassWord password');
    expect(run(anchors, bytes, [], make)).toEqual([
      [8, 0],
      [17, 1],
      [22, 2],
      [26, 1],
    ]);
  });

  it('may end at every byte of a full input', () => {
    const bytes = Buffer.alloc(SCAN_CAPACITY, 'a');
    expect(run([{ text: 'aa' }], bytes, [], make)).toHaveLength(SCAN_CAPACITY - 1);
  });

  it('are found among all byte values', () => {
    const bytes = Buffer.from(Array.from({ length: 2048 }, (_, i) => i & 255));
    const anchors = [{ text: '\xfe\xff\x00' }, { text: '01' }];
    expect(run(anchors, bytes, [], make)).toEqual(naive(anchors, bytes));
  });
});

describe('the anchors of all rules', () => {
  const anchors = [...RULES.flatMap((rule) => rule.anchors), ...base64Anchors(RULES)];
  const finders = [streams(anchors), plainLoop(anchors), shortFinder(anchors)] as const;
  const piece = fc
    .tuple(fc.constantFrom(...anchors), fc.nat(5), fc.nat(5))
    .map(([{ text }, head, tail]) => text.slice(head, text.length - tail));
  const filler = fc.constantFrom('', ' ', 'a', 'A', '0', '\0', '\xff', 'x'.repeat(40));

  it('are found by all finders alike in contents made of their parts', () => {
    const content = fc.array(fc.oneof(piece, filler), { minLength: 150, maxLength: 400 });
    fc.assert(
      fc.property(content, fc.array(fc.nat(), { maxLength: 3 }), (parts, cuts) => {
        const bytes = Buffer.from(parts.join(''), 'latin1');
        const edges = cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b);
        const [first, ...others] = finders.map((finder) => run(anchors, bytes, edges, () => finder));
        for (const other of others) expect(other).toEqual(first);
      }),
      cases(25),
    );
  });

  it('are found across the edges of a range', () => {
    const finder = streams(anchors);
    const { text } = anchors.reduce((a, b) => (a.text.length < b.text.length ? b : a));
    for (let length = 600; length < 660; length++) {
      for (let at = 0; at + text.length <= length; at += 7) {
        const bytes = Buffer.alloc(length, '.');
        bytes.write(text, at, 'latin1');
        const ends = run(anchors, bytes, [], () => finder).map(([last]) => last);
        expect(ends).toContain(at + text.length - 1);
      }
    }
  });
});

describe('an automaton that is too large for WebAssembly', () => {
  it('uses the plain loop if the states do not fit in 16 bits', () => {
    const letters = Array.from({ length: 40 }, (_, index) => String.fromCharCode(0x40 + index));
    const anchors = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => ({ text: a + b + c }))));
    const automaton = buildAutomaton(anchors);
    expect(streamScanner(automaton)).toBeNull();
    const last: number[] = [];
    plainScanner(automaton).scan(Buffer.from('..ABC.'), 0, 6, (at) => last.push(at));
    expect(last).toEqual([4]);
  });

  it('uses the plain loop if there are too many columns', () => {
    const texts = Array.from({ length: 140 }, (_, byte) => String.fromCharCode(byte, byte));
    expect(streamScanner(buildAutomaton(texts.map((text) => ({ text }))))).toBeNull();
  });
});

describe('line feeds', () => {
  const automaton = buildAutomaton([{ text: 'ab' }]);
  it('are counted the same by both scanners', () => {
    const bytes = fc.uint8Array({ minLength: 0, maxLength: 3000, max: 20 });
    fc.assert(
      fc.property(bytes, fc.nat(40), (content, from) => {
        const start = Math.min(from, content.length);
        const expected = content.subarray(start).filter((byte) => byte === 10).length;
        expect(plainScanner(automaton).countLines(content, start, content.length)).toBe(expected);
        expect(streamScanner(automaton)!.countLines(content, start, content.length)).toBe(expected);
      }),
      cases(15),
    );
  });
});
