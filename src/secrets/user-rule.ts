import type { Severity } from '../finding/finding.ts';
import { boundOf } from './match/bounded-pattern.ts';
import type { Rule } from './rule.ts';

/** A rule of a user's own. Plain data: it travels to other threads. */
export interface UserRule {
  readonly id: string;
  readonly title: string;
  readonly anchors: readonly string[];
  readonly pattern: string;
  readonly severity: Severity;
}

/** A user's rule as the engine runs it: the pattern is tried where one of its anchors begins. */
export function ruleOf({ id, title, anchors, pattern, severity }: UserRule): Rule {
  return {
    id,
    title,
    family: 'user',
    anchors: anchors.map((text) => ({ text })),
    pattern,
    start: { at: 'anchor' },
    gate: null,
    left: 'word',
    validator: 'none',
    severity,
    confidence: 'medium',
    strong: true,
    reach: boundOf(pattern).longest,
    example: () => '',
    references: [],
  };
}
