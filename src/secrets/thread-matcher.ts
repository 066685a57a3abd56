import type { SecretsInput } from './content-task.ts';
import { Matcher } from './matcher.ts';
import { RULES } from './rules/catalogue.ts';
import { ruleOf } from './user-rule.ts';

interface Made {
  readonly key: string;
  readonly matcher: Matcher;
}

let last: Made | null = null;

/** One matcher a thread: building the automaton takes longer than a small layer. */
export function matcherFor({ now, userRules }: Pick<SecretsInput, 'now' | 'userRules'>): Matcher {
  const key = JSON.stringify([now, userRules]);
  if (last?.key !== key) {
    last = { key, matcher: new Matcher([...RULES, ...userRules.map(ruleOf)], { now }) };
  }
  return last.matcher;
}
