import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../fixtures/canary.ts';
import { ContentScanner } from '../../src/secrets/match/content-scanner.ts';
import { LOOK_AHEAD, Matcher } from '../../src/secrets/match/matcher.ts';
import { readerFor } from '../../src/secrets/readers/by-path.ts';
import { RULES } from '../../src/secrets/rules/catalogue.ts';

/**
 * Repeated after an anchor to make worst-case texts for a pattern: each repetition in the pattern matches as
 * much as it can, but the required end never comes. The tests limit steps by the size of the text, not by a
 * clock: a window bounds the cost of one hit, so the work is at most (hits) x (window) for any text.
 */
const FILLERS = ['a', '0', 'A', 'a.', 'a:', '=', '-', ' ', '"', '/', 'A0a_', '\\n', 'a=', '<P>A</P>', '$a'];

describe('the worst case of a rule', () => {
  it.each(RULES.map((rule) => [rule.id, rule] as const))('is bounded per hit: %s', (_id, rule) => {
    expect(rule.reach).toBeLessThanOrEqual(LOOK_AHEAD);
    const pattern = new RegExp(rule.pattern, 'y');
    const { text: anchor } = rule.anchors[0]!;
    const example = rule.example(seededRandom(rule.id));
    for (const filler of FILLERS) {
      for (const head of [anchor, rule.start.at === 'after' ? '' : anchor, example.slice(0, -1)]) {
        const text = (head + filler.repeat(LOOK_AHEAD)).slice(0, rule.reach);
        pattern.lastIndex = 0;
        pattern.exec(text);
      }
    }
  });

  it.each(FILLERS)('of a validator terminates: starts of tokens, then only %j', (filler) => {
    const matcher = new Matcher(RULES, { now: 0 });
    for (const rule of RULES) {
      const { text: anchor } = rule.anchors[0]!;
      const example = rule.example(seededRandom(rule.id));
      for (const head of [anchor, example.slice(0, example.length >> 1), example.slice(0, -1)]) {
        const text = head + filler.repeat(Math.ceil(LOOK_AHEAD / filler.length));
        matcher.matchWhole(Buffer.from(text, 'latin1'));
      }
    }
    const longest = Math.max(...RULES.flatMap(({ anchors }) => anchors.map(({ text }) => text.length)));
    expect(longest).toBeLessThan(LOOK_AHEAD);
  });

  it.each(['', ' ', '{', '{{', '=', '"', ':', '$', 'x=', 'password=', '\n', '[', '#', ' #'])(
    'of a reader terminates: repeated %j',
    (filler) => {
      const paths = ['.npmrc', '.netrc', '.pypirc', '.pgpass', '.git-credentials', '.docker/config.json'];
      paths.push('.kube/config', '.aws/credentials', '.env', 'a.tfstate', 'wp-config.php', '.htpasswd');
      paths.push('etc/shadow', '.bash_history', 'config/master.key');
      for (const path of paths) {
        const read = readerFor(path)!;
        for (const head of ['', 'DB_PASSWORD=', 'password ', 'mysql ', 'a:']) {
          const text = head + filler.repeat(20_000 / Math.max(1, filler.length));
          expect(() => read(text)).not.toThrow();
        }
      }
    },
  );

  it('of all rules together terminates: consecutive anchors', () => {
    const matcher = new Matcher(RULES, { now: 0 });
    const scanner = new ContentScanner(matcher);
    const anchors = RULES.flatMap((rule) => rule.anchors.map(({ text }) => text));
    for (const filler of ['', 'a', '=', '="', ':', ' ', '/']) {
      scanner.feed(
        Buffer.from(
          anchors
            .map((text) => text + filler.repeat(3))
            .join('')
            .repeat(4),
          'latin1',
        ),
      );
      scanner.end();
    }
    expect(anchors.length).toBeGreaterThan(RULES.length);
  });
});
