import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../fixtures/canary.ts';
import { Matcher } from '../../src/secrets/matcher.ts';
import { DEMOTED } from '../../src/secrets/rule.ts';
import { RULES } from '../../src/secrets/rules/catalogue.ts';

const matcher = new Matcher(RULES, { now: Date.UTC(2026, 0, 1) });

describe('the rules', () => {
  it('are at least 150, each with a name of its own', () => {
    expect(RULES.length).toBeGreaterThanOrEqual(150);
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    expect(RULES.filter(({ id }) => !/^[a-z0-9-]+$/.test(id))).toEqual([]);
  });

  it('have anchors of three bytes and more, and patterns whose repetitions are bounded', () => {
    for (const rule of RULES) {
      for (const { text } of rule.anchors) expect([rule.id, text.length >= 3]).toEqual([rule.id, true]);
      const open = rule.pattern.replaceAll(/\\.|\[(?:\\.|[^\]])*\]/g, 'c');
      expect([rule.id, /[*+]|\{\d+,\}/.test(open)]).toEqual([rule.id, false]);
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
      expect([text, hit && DEMOTED.has(hit.verdict) ? hit.reason : null]).toEqual([text, null]);
    }
  });
});

describe('the files of the rules', () => {
  it.each(['../../src/secrets/', './'])(
    'hold nothing that any rule takes for a credential: %s',
    async (folder) => {
      const url = new URL(folder, import.meta.url);
      for (const name of await readdir(url, { recursive: true })) {
        if (!name.endsWith('.ts')) continue;
        const hits = matcher.matchWhole(await readFile(new URL(name, url)));
        const loud = hits.filter((hit) => !DEMOTED.has(hit.verdict) && hit.confidence !== 'low');
        expect([name, loud.map((hit) => [hit.rule, hit.start])]).toEqual([name, []]);
      }
    },
  );
});
