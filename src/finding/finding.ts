import type { Origin } from '../history/origin.ts';
import { compareStates, FINDING_STATES, type FindingState } from './state.ts';
import type { Where } from './where.ts';

/** How bad it is: of a credential, if it still works; of a posture problem, if nobody mends it. */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** From the worst down. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** How sure it is that this is what it looks like. */
export type Confidence = 'high' | 'medium' | 'low';

/** From the surest down. */
export const CONFIDENCES: readonly Confidence[] = ['high', 'medium', 'low'];

/** One of the places at which a finding stands. */
export interface Occurrence {
  readonly where: Where;
  readonly state: FindingState;
  readonly origin: Origin;
  /** The instruction that brought it, as the history has it (escaped and masked when drawn); null where unknown. */
  readonly introducedBy: string | null;
  /** The instruction that deleted or replaced it; null while it is live. */
  readonly removedBy: string | null;
  /** The layer that deleted or replaced it. */
  readonly removedIn: number | null;
}

/** One credential or one problem, with every place at which it stands. Holds no secret value. */
export interface Finding {
  /** Stable over runs and over images with the same content. */
  readonly id: string;
  readonly kind: 'secret' | 'posture';
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Why it counts: what was checked, or what was observed. One line, holding no secret. */
  readonly reason: string | null;
  /** Why it is not shown without being asked for; null where it is loud. */
  readonly demoted: string | null;
  /** The most telling occurrence's place: the first live one, else the first. */
  readonly where: Where;
  /** At least one, from the bottom layer up; config surfaces after the layers. */
  readonly occurrences: readonly Occurrence[];
  /** The most visible of the occurrences' states. */
  readonly state: FindingState;
  readonly origin: Origin;
  readonly introducedBy: string | null;
  readonly removedBy: string | null;
  /** The covered value, as `********(40)`; null for posture. */
  readonly redacted: string | null;
  /** Keyed fingerprint of the value; null for posture. */
  readonly fingerprint: string | null;
  /** Length of the value in bytes; null for posture. */
  readonly valueLength: number | null;
  /** Facts by name, none of them secret: `account`, `fingerprint of the public key`, `expires`, `cis`. */
  readonly details: Readonly<Record<string, string>>;
  /** What to do, in order, for a person; may hold commands, which are never run. */
  readonly remediation: readonly string[];
  readonly references: readonly string[];
}

/** How many findings there are: those that are loud by severity, and the demoted ones. */
export interface FindingCounts {
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly byState: Readonly<Record<FindingState, number>>;
  readonly loud: number;
  readonly demoted: number;
}

/** Whether a severity is at least as bad as another. */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}

/** Counts findings; severities and states of the loud ones only. */
export function countFindings(findings: readonly Finding[]): FindingCounts {
  const loud = findings.filter((finding) => finding.demoted === null);
  const tally = <K extends string>(keys: readonly K[], of: (finding: Finding) => K): Record<K, number> =>
    Object.fromEntries(
      keys.map((key) => [key, loud.filter((finding) => of(finding) === key).length]),
    ) as Record<K, number>;
  return {
    bySeverity: tally(SEVERITIES, (finding) => finding.severity),
    byState: tally(FINDING_STATES, (finding) => finding.state),
    loud: loud.length,
    demoted: findings.length - loud.length,
  };
}

/** The order in which findings are shown: loud first, then by severity, live first, then by rule and place. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    Number(a.demoted !== null) - Number(b.demoted !== null) ||
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
