import type { SecretsInput } from './content-task.ts';
import { HashMatcher } from './hash-matcher.ts';
import { type ContentMatcher, Matcher } from './matcher.ts';
import { RULES } from './rules/catalogue.ts';
import { TextMatcher } from './text-matcher.ts';
import { ruleOf } from './user-rule.ts';

interface Made {
  readonly key: string;
  readonly seen: SharedArrayBuffer | undefined;
  readonly matcher: ContentMatcher;
}

let last: Made | null = null;

/** One matcher a thread: building the automaton takes longer than a small layer. */
export function matcherFor({
  now,
  only,
  seen,
  userRules,
}: Pick<SecretsInput, 'now' | 'only' | 'seen' | 'userRules'>): ContentMatcher {
  const key = JSON.stringify([now, userRules, only]);
  const made = (): ContentMatcher => {
    if (only === undefined) return new Matcher([...RULES, ...userRules.map(ruleOf)], { now, seen });
    return only.by === 'text' ? new TextMatcher(only.values, seen) : new HashMatcher(only.values);
  };
  if (last?.key !== key || last.seen !== seen) {
    last = { key, seen, matcher: made() };
  }
  return last.matcher;
}
