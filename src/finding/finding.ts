import type { Origin } from '../history/origin.ts';
import { compareStates, FINDING_STATES, type FindingState } from './state.ts';
import type { Where } from './where.ts';

/** How bad a finding is: for a credential, if it still works; for a posture problem, if it is not fixed. */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** All severities, the worst first. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** How certain it is that a finding is real. */
export type Confidence = 'high' | 'medium' | 'low';

/** All confidences, the most certain first. */
export const CONFIDENCES: readonly Confidence[] = ['high', 'medium', 'low'];

/** One place of a finding. */
export interface Occurrence {
  readonly where: Where;
  readonly state: FindingState;
  readonly origin: Origin;
  /** The instruction that added it, from the history (escape and mask it before drawing); null if unknown. */
  readonly introducedBy: string | null;
  /** The instruction that deleted or replaced it; null if it is live. */
  readonly removedBy: string | null;
  /** The layer that deleted or replaced it; null if it is live. */
  readonly removedIn: number | null;
}

/** One credential or problem with all its places. Contains no secret value. */
export interface Finding {
  /** Stable across runs, and across images with the same content. */
  readonly id: string;
  readonly kind: 'secret' | 'posture';
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Why it was reported: what was checked or observed. One line, without secrets. */
  readonly reason: string | null;
  /** Why it is suppressed; null if it is reported. */
  readonly suppressed: string | null;
  /** The place of the most visible occurrence; of several equally visible ones, the first. */
  readonly where: Where;
  /** At least one, from the bottom layer up; places outside the layers come last. */
  readonly occurrences: readonly Occurrence[];
  /** The most visible state of the occurrences. */
  readonly state: FindingState;
  readonly origin: Origin;
  readonly introducedBy: string | null;
  readonly removedBy: string | null;
  /** The masked value, such as `********(40)`; null for posture. */
  readonly redacted: string | null;
  /** Keyed fingerprint of the value; null for posture. */
  readonly fingerprint: string | null;
  /** Length of the value in bytes; null for posture. */
  readonly valueLength: number | null;
  /** Facts by name, without secrets: `account`, `fingerprint of the public key`, `expires`, `cis`. */
  readonly details: Readonly<Record<string, string>>;
  /** What to do, in order, for a person. May contain commands; exhume never runs them. */
  readonly remediation: readonly string[];
  readonly references: readonly string[];
}

/** Counts of reported findings (also by severity and by state) and of suppressed findings. */
export interface FindingCounts {
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly byState: Readonly<Record<FindingState, number>>;
  readonly reported: number;
  readonly suppressed: number;
}

/** Reports whether a severity is at least as bad as another. */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}

/** Counts findings; by severity and by state only the reported ones. */
export function countFindings(findings: readonly Finding[]): FindingCounts {
  const reported = findings.filter((finding) => finding.suppressed === null);
  const tally = <K extends string>(keys: readonly K[], of: (finding: Finding) => K): Record<K, number> =>
    Object.fromEntries(
      keys.map((key) => [key, reported.filter((finding) => of(finding) === key).length]),
    ) as Record<K, number>;
  return {
    bySeverity: tally(SEVERITIES, (finding) => finding.severity),
    byState: tally(FINDING_STATES, (finding) => finding.state),
    reported: reported.length,
    suppressed: findings.length - reported.length,
  };
}

/** Orders findings for display: reported ones first, then by severity, state, rule and place. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    Number(a.suppressed !== null) - Number(b.suppressed !== null) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compareStates(a.state, b.state) ||
    compareText(a.rule, b.rule) ||
    (a.where.layer ?? -1) - (b.where.layer ?? -1) ||
    compareText(a.where.path ?? a.where.key ?? '', b.where.path ?? b.where.key ?? '') ||
    compareText(a.id, b.id)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
