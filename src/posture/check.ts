import type { Severity } from '../finding/finding.ts';
import type { Surface } from '../finding/where.ts';
import type { Subject } from './subject.ts';

/** A place at which a check saw something. */
export type Observation =
  | { readonly kind: 'file'; readonly event: number }
  | { readonly kind: 'history'; readonly entry: number }
  | {
      readonly kind: 'config';
      readonly surface: Extract<Surface, 'config' | 'env' | 'label'>;
      readonly key: string;
      /** The entry of the history that set it; none where that is not recorded. */
      readonly entry?: number | undefined;
    };

/** What a check looks at. Where the image does not have all of it, finding nothing is no proof of anything. */
export type Source = 'files' | 'history' | 'config';

/** One problem. Several of one check are told apart by `key`, which stays the same over builds. */
export interface Failure {
  readonly key: string;
  readonly severity: Severity;
  /** What was observed, in one line without a secret. */
  readonly reason: string;
  readonly at: readonly Observation[];
  /** In place of the check's own. */
  readonly advice?: readonly string[];
  readonly title?: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** What a check came to: problems, none (with a word about what was seen), or that the image does not tell. */
type CheckResult = readonly Failure[] | { readonly passed: string } | { readonly unknown: string };

/** One check of an image's posture. */
export interface Check {
  /** Lower case and dashes; stable, since reports name it. */
  readonly id: string;
  readonly title: string;
  /** Numbers of the CIS Docker Benchmark, dockle, trivy, hadolint. */
  readonly references: readonly string[];
  readonly advice: readonly string[];
  /** Of all the problems that it can find, from the worst down. */
  readonly severities: readonly Severity[];
  readonly sources: readonly Source[];
  run(subject: Subject): CheckResult;
}

/** How a check ended, for a report. */
export interface CheckOutcome {
  readonly id: string;
  readonly title: string;
  readonly result: 'passed' | 'failed' | 'unknown';
  /** Why it is not known, or what made it pass where that needs a word; null elsewhere. */
  readonly reason: string | null;
}
