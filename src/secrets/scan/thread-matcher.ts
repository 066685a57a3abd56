import { HashMatcher } from '../match/hash-matcher.ts';
import { type ContentMatcher, Matcher } from '../match/matcher.ts';
import { TextMatcher } from '../match/text-matcher.ts';
import type { ValueSearch } from '../match/value-search.ts';
import { RULES } from '../rules/catalogue.ts';
import { ruleOf, type UserRule } from '../user-rule.ts';
import type { SecretsInput } from './blob-hits.ts';

interface Made {
  readonly key: string;
  readonly matcher: ContentMatcher;
}

let last: Made | null = null;

/**
 * Returns this thread's matcher. The last one is kept: building the automaton takes longer than scanning a
 * small layer.
 */
export function matcherFor({
  now,
  only,
  userRules,
}: Pick<SecretsInput, 'now' | 'only' | 'userRules'>): ContentMatcher {
  const key = JSON.stringify([now, userRules, only]);
  if (last?.key !== key) {
    const matcher = only === undefined ? rulesMatcher(now, userRules) : valuesMatcher(only);
    last = { key, matcher };
  }
  return last.matcher;
}

function rulesMatcher(now: number, userRules: readonly UserRule[]): Matcher {
  return new Matcher([...RULES, ...userRules.map(ruleOf)], { now });
}

function valuesMatcher(search: ValueSearch): ContentMatcher {
  return search.by === 'text' ? new TextMatcher(search.values) : new HashMatcher(search.values);
}
