import type { Confidence, Severity } from '../../finding/finding.ts';
import type { Rule, Verdict } from '../rule.ts';

/** A match of a rule's pattern, before anyone has looked at what it means. Texts are latin1: a character is a byte. */
export interface Candidate {
  readonly rule: Rule;
  readonly value: string;
  /** The whole match, which the value is part of. */
  readonly whole: string;
  /** At most `count` characters that end where the match begins. */
  readonly before: (count: number) => string;
  /** At most `count` characters that begin where the match begins. */
  readonly from: (count: number) => string;
  /** The time against which expiry is told, in milliseconds since 1970. */
  readonly now: number;
}

/** What a check says about a candidate. */
export interface Judgement {
  readonly verdict: Verdict;
  /** In words for people, where the verdict demotes or needs explaining. */
  readonly reason?: string;
  /** The place of the value where it is not the group of the pattern, counted from the start of the match. */
  readonly span?: { readonly start: number; readonly end: number };
  /** What the value stands for, where that is not the bytes found: a decoded password, the body of a key. */
  readonly value?: string;
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  /** Facts for the report: an account, a fingerprint, a date. Never the secret itself. */
  readonly details?: Readonly<Record<string, string>>;
}

/** Looks at a candidate; null where it is no credential of this kind at all. */
export type Validator = (candidate: Candidate) => Judgement | null;

export const PATTERN_ONLY: Judgement = { verdict: 'pattern-only' };
