import type { Severity } from '../finding/finding.ts';
import { boundOf } from './match/bounded-pattern.ts';
import type { Rule } from './rule.ts';

/** A custom rule. Plain data: it can be sent to other threads. */
export interface UserRule {
  readonly id: string;
  readonly title: string;
  readonly anchors: readonly string[];
  readonly pattern: string;
  readonly severity: Severity;
}

/** Returns the engine's form of a custom rule. Its pattern is tried where one of its anchors begins. */
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
