/** Verdicts that a person can give on a finding. */
export const VERDICTS = ['confirmed', 'rotated', 'false-alarm', 'accepted'] as const;
export type DecisionVerdict = (typeof VERDICTS)[number];

/** A decision on a finding, stored in a case and shown in a report. */
export interface Decision {
  readonly finding: string;
  readonly verdict: DecisionVerdict;
  readonly reason: string | null;
  /** When the acceptance expires (RFC 3339); null if it does not. */
  readonly until: string | null;
  /** When the decision was made (RFC 3339, UTC). */
  readonly at: string;
  readonly operator: string | null;
}

/** Reports whether a decision closes a finding, so that nothing remains to be done. */
export function settles(decision: Decision | null, now: Date): boolean {
  if (decision === null) return false;
  switch (decision.verdict) {
    case 'false-alarm':
      return true;
    case 'accepted':
      return decision.until === null || Date.parse(decision.until) > now.getTime();
    case 'confirmed':
    case 'rotated':
      return false;
  }
}
