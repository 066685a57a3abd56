import { settles } from '../finding/decision.ts';
import type { ReportFinding } from './report.ts';

/**
 * Findings for machines, which know no decisions: what a person has settled is set aside with the reason, as
 * what a rule demoted is.
 * @param now against which an acceptance runs out
 */
export function settledAside(findings: readonly ReportFinding[], now: Date): ReportFinding[] {
  return findings.map((finding) => {
    const { decision, demoted } = finding;
    if (demoted !== null || decision === null || !settles(decision, now)) return finding;
    const until = decision.until === null ? '' : ` until ${decision.until}`;
    const reason = decision.reason === null ? '' : `: ${decision.reason}`;
    return { ...finding, demoted: `decided: ${decision.verdict}${until}${reason}` };
  });
}
