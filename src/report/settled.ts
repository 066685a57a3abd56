import { settles } from '../finding/decision.ts';
import type { ReportFinding } from './report.ts';

/**
 * Returns findings for formats that have no decisions: a finding that a person settled becomes a suppressed one, with
 * the decision as the reason.
 * @param now the current time, since an acceptance may have expired
 */
export function suppressSettled(findings: readonly ReportFinding[], now: Date): ReportFinding[] {
  return findings.map((finding) => {
    const { decision, suppressed } = finding;
    if (suppressed !== null || decision === null || !settles(decision, now)) return finding;
    const until = decision.until === null ? '' : ` until ${decision.until}`;
    const reason = decision.reason === null ? '' : `: ${decision.reason}`;
    return { ...finding, suppressed: `decided: ${decision.verdict}${until}${reason}` };
  });
}
