import { type Case, decisionsOf, type Flag, flagsOf } from '../case/case.ts';
import { maskedCase } from '../case/masked-action.ts';
import type { Decision } from '../finding/decision.ts';
import { reportLog } from '../report/case-lines.ts';
import type { LogLine } from '../report/report.ts';
import type { Masker } from '../secrets/mask/masker.ts';

/** The part of a report that comes from a case. */
export interface CaseContent {
  /** By the id of the finding. */
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly flags: readonly Flag[];
  readonly log: readonly LogLine[];
  readonly goals: readonly string[];
}

const NOTHING: CaseContent = { decisions: new Map(), flags: [], log: [], goals: [] };

/** Returns the masked content of a case for a report; empty without a case. */
export function caseContent(held: Case | null, masker: Masker): CaseContent {
  if (held === null) return NOTHING;
  const shown = maskedCase(held, masker);
  return {
    decisions: decisionsOf(shown),
    flags: flagsOf(shown),
    log: reportLog(shown.log),
    goals: shown.goals,
  };
}
