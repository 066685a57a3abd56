import type { Confidence, Severity } from '../../finding/finding.ts';
import type { Rule, Verdict } from '../rule.ts';

/** A match of a rule's pattern before validation. Texts are latin1: one character per byte. */
export interface Candidate {
  readonly rule: Rule;
  readonly value: string;
  /** The whole match, which contains the value. */
  readonly whole: string;
  /** Returns up to `count` characters before the match. */
  readonly before: (count: number) => string;
  /** Returns up to `count` characters from the start of the match. */
  readonly from: (count: number) => string;
  /** The time to check expiry against, in milliseconds since 1970. */
  readonly now: number;
}

/** The result of validating a candidate. */
export interface Judgement {
  readonly verdict: Verdict;
  /** For the user, if the verdict suppresses the match or needs an explanation. */
  readonly reason?: string;
  /** Range of the value relative to the start of the match, if it is not the group of the pattern. */
  readonly span?: { readonly start: number; readonly end: number };
  /** The decoded value, if it differs from the bytes found: a decoded password, the body of a key. */
  readonly value?: string;
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  /** Facts for the report, such as an account, a fingerprint or a date. Never the secret itself. */
  readonly details?: Readonly<Record<string, string>>;
}

/** Validates a candidate; returns null if it is not a credential of this kind. */
export type Validator = (candidate: Candidate) => Judgement | null;

export const PATTERN_ONLY: Judgement = { verdict: 'pattern-only' };
