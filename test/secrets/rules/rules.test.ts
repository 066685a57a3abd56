import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../fixtures/canary.ts';
import { Matcher } from '../../../src/secrets/match/matcher.ts';
import { SUPPRESSED } from '../../../src/secrets/rule.ts';
import { RULES } from '../../../src/secrets/rules/catalogue.ts';

const matcher = new Matcher(RULES, { now: Date.UTC(2026, 0, 1) });

describe('the rules', () => {
  it('are at least 150 with unique ids', () => {
    expect(RULES.length).toBeGreaterThanOrEqual(150);
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    expect(RULES.filter(({ id }) => !/^[a-z0-9-]+$/.test(id))).toEqual([]);
  });

  it('have anchors of at least three bytes and bounded patterns', () => {
    for (const rule of RULES) {
      for (const { text } of rule.anchors) expect([rule.id, text.length >= 3]).toEqual([rule.id, true]);
      const open = rule.pattern.replaceAll(/\\.|\[(?:\\.|[^\]])*\]/g, 'c');
      expect([rule.id, /[*+]|\{\d+,\}/.test(open)]).toEqual([rule.id, false]);
    }
  });

  it('have a title, a severity and a reference', () => {
    const severities = new Set(['critical', 'high', 'medium', 'low']);
    expect(new Set(RULES.map(({ title }) => title)).size).toBe(RULES.length);
    for (const { id, title, family, severity, references, example } of RULES) {
      expect([id, /^\S.*[^\s.]$/.test(title)]).toEqual([id, true]);
      expect([id, /^[a-z]+$/.test(family)]).toEqual([id, true]);
      expect([id, severities.has(severity)]).toEqual([id, true]);
      expect([id, references.length > 0]).toEqual([id, true]);
      for (const reference of references) expect([id, new URL(reference).protocol]).toEqual([id, 'https:']);
      expect([id, example(seededRandom('one')) !== example(seededRandom('two'))]).toEqual([id, true]);
    }
  });

  it.each(RULES.map((rule) => [rule.id, rule] as const))('%s finds its example', (id, rule) => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const text = `first line\n${rule.example(seededRandom(id + seed))}\nlast line\n`;
      const hits = matcher.matchWhole(Buffer.from(text, 'latin1'));
      const hit = hits.find((found) => found.rule === id);
      expect([text, hits.map((found) => [found.rule, found.verdict, found.reason])]).toEqual([
        text,
        expect.arrayContaining([[id, hit?.verdict, hit?.reason]]),
      ]);
      expect([text, hit && SUPPRESSED.has(hit.verdict) ? hit.reason : null]).toEqual([text, null]);
    }
  });
});

describe('a near miss', () => {
  // A line end in the middle of a value breaks it, even a password of arbitrary characters. Keys contain line
  // ends; validators.test.ts covers broken keys.
  it.each(RULES.filter(({ family }) => family !== 'keys').map((rule) => [rule.id, rule] as const))(
    'of %s: a value split in two is not found',
    (id, rule) => {
      for (const seed of ['a', 'b', 'c', 'd']) {
        const text = Buffer.from(
          `first line\n${rule.example(seededRandom(id + seed))}\nlast line\n`,
          'latin1',
        );
        const hit = matcher.matchWhole(text).find((found) => found.rule === id)!;
        const cut = Buffer.from(text);
        cut[(hit.start + hit.end) >> 1] = 0x0a;
        const again = matcher
          .matchWhole(cut)
          .filter((found) => found.rule === id && !SUPPRESSED.has(found.verdict))
          .filter((found) => found.start <= hit.start && found.end >= hit.end);
        expect([text.toString('latin1'), again.length]).toEqual([text.toString('latin1'), 0]);
      }
    },
  );

  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    'of %s: a value without its anchors is not found',
    (id, rule) => {
      const words = rule.anchors.map(({ text }) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      const any = new RegExp(words.join('|'), 'gi');
      for (const seed of ['a', 'b', 'c', 'd']) {
        const text = `first line\n${rule.example(seededRandom(id + seed))}\nlast line\n`;
        const without = text.replaceAll(any, (word) => '~'.repeat(word.length));
        const found = matcher.matchWhole(Buffer.from(without, 'latin1')).filter((hit) => hit.rule === id);
        expect([without, found.map(({ start }) => start)]).toEqual([without, []]);
      }
    },
  );
});

describe('the source files of the rules', () => {
  it.each(['../../../src/secrets/', '../'])('contain nothing that a rule reports: %s', async (folder) => {
    const url = new URL(folder, import.meta.url);
    for (const name of await readdir(url, { recursive: true })) {
      if (!name.endsWith('.ts')) continue;
      const hits = matcher.matchWhole(await readFile(new URL(name, url)));
      const reported = hits.filter((hit) => !SUPPRESSED.has(hit.verdict) && hit.confidence !== 'low');
      expect([name, reported.map((hit) => [hit.rule, hit.start])]).toEqual([name, []]);
    }
  });
});
