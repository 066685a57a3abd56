import type { Severity } from '../finding/finding.ts';
import type { Surface } from '../finding/where.ts';
import type { Subject } from './subject.ts';

/** A place at which a check found a problem. */
export type Observation =
  | { readonly kind: 'file'; readonly event: number }
  | { readonly kind: 'history'; readonly entry: number }
  | {
      readonly kind: 'config';
      readonly surface: Extract<Surface, 'config' | 'env' | 'label'>;
      readonly key: string;
      /** The history entry that set it; undefined if not recorded. */
      readonly entry?: number | undefined;
    };

/** A part of the image that a check needs. If it is incomplete, a check without findings is unknown, not passed. */
export type Source = 'files' | 'history' | 'config';

/** One problem. The `key` identifies it among the problems of the check and is stable across builds. */
export interface Failure {
  readonly key: string;
  readonly severity: Severity;
  /** What was observed; one line, without secrets. */
  readonly reason: string;
  readonly at: readonly Observation[];
  /** Overrides the advice of the check. */
  readonly advice?: readonly string[];
  /** Overrides the title of the check. */
  readonly title?: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** The result of a check: problems (an empty list: none), passed with a reason, or unknown with a reason. */
type CheckResult = readonly Failure[] | { readonly passed: string } | { readonly unknown: string };

/** One check of an image's posture. */
export interface Check {
  /** Lower case and dashes. Part of the reports, so it must not change. */
  readonly id: string;
  /** A noun phrase of at most 40 characters. */
  readonly title: string;
  /** Ids of the same check in the CIS Docker Benchmark, dockle, trivy and hadolint. */
  readonly references: readonly string[];
  readonly advice: readonly string[];
  /** The severities of all problems that it can find, the worst first. */
  readonly severities: readonly Severity[];
  readonly sources: readonly Source[];
  run(subject: Subject): CheckResult;
}

/** The outcome of a check, for a report. */
export interface CheckOutcome {
  readonly id: string;
  readonly title: string;
  readonly result: 'passed' | 'failed' | 'unknown';
  /** Why the result is unknown, or why the check passed if that needs an explanation; null otherwise. */
  readonly reason: string | null;
}
