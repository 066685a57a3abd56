/** What a person decided about a finding. */
export const VERDICTS = ['confirmed', 'rotated', 'false-alarm', 'accepted'] as const;
export type DecisionVerdict = (typeof VERDICTS)[number];

/** A decision, as a case keeps it and a report shows it. */
export interface Decision {
  readonly finding: string;
  readonly verdict: DecisionVerdict;
  readonly reason: string | null;
  /** RFC 3339: until when it is accepted; null for as long as nobody says otherwise. */
  readonly until: string | null;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly operator: string | null;
}

/** Whether a decision takes a finding off the list of what is to be done. */
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
