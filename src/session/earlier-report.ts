import { readFileSync } from 'node:fs';
import type { Decision } from '../finding/decision.ts';
import { Problem } from '../problem.ts';
import { type EarlierReport, readReport } from '../retest/read-report.ts';
import { type Goal, GOALS } from '../retest/verify.ts';
import type { Masker } from '../secrets/mask/masker.ts';

/**
 * Reads an earlier report from a file.
 * @throws Problem `usage` if the file cannot be read or is not a report
 */
export function readEarlier(file: string, masker: Masker): EarlierReport {
  return readReport(readText(file), file, masker);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Problem('usage', `cannot read ${file}: ${message}`, { file });
  }
}

/** Returns a copy of a report with the current decisions of a case. */
export function withDecisions(
  report: EarlierReport,
  decisions: ReadonlyMap<string, Decision>,
): EarlierReport {
  return {
    ...report,
    findings: report.findings.map((finding) => ({
      ...finding,
      decision: decisions.get(finding.id) ?? null,
    })),
  };
}

/**
 * Returns the requested goals, else those of the case or the report, else `no-secrets`.
 * @throws Problem `usage` for an unknown goal
 */
export function goalsOf(asked: readonly string[] | undefined, kept: readonly string[]): Goal[] {
  return (asked ?? (kept.length > 0 ? kept : ['no-secrets'])).map(goalOf);
}

function goalOf(text: string): Goal {
  const goal = GOALS.find((each) => each === text);
  if (goal === undefined) throw new Problem('usage', `--goal ${text}: unknown goal; use ${GOALS.join(', ')}`);
  return goal;
}
