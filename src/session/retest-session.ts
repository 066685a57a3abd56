import type { Finding } from '../finding/finding.ts';
import { incompleteOf } from '../ledger/incomplete.ts';
import { setuidTimeline } from '../ledger/setuid.ts';
import { Problem } from '../problem.ts';
import { pathText } from '../text/path-text.ts';
import { type LayerFacts, layerFacts } from '../report/image-facts.ts';
import type { EarlierReport } from '../retest/read-report.ts';
import { type Goal, type Retest, retest, type RetestSubject } from '../retest/verify.ts';
import { earlierFlags } from './earlier-flags.ts';
import type { Session } from './session.ts';

/** The result of a retest, and the data that it compared. */
export interface RetestOutcome {
  readonly result: Retest;
  /** The findings of the image, and the flags of the earlier report. */
  readonly findings: readonly Finding[];
  readonly layers: readonly LayerFacts[];
}

/**
 * Compares an earlier report with an image.
 * @param found the findings of the image, from a scan that also searched for the values of the report. The flags
 * of the report are added here.
 */
export function retestSession(
  earlier: EarlierReport,
  session: Session,
  found: readonly Finding[],
  goals: readonly Goal[],
): RetestOutcome {
  const findings = [...earlierFlags(earlier, session), ...found];
  const layers = layerFacts(session.stacked, session.history, session.origins, session.masker);
  const { image } = session.stacked;
  const result = retest(
    earlier,
    {
      id: image.id,
      findings,
      layers,
      incomplete: incompleteOf(session.stacked),
      user: image.config.runtime.user,
      applicationSetuid: setuidOfApplication(session),
      neighbours: neighboursOf(session),
      now: new Date(),
    },
    goals,
  );
  return { result, findings, layers };
}

/** Returns the other images of the archive, except those that cannot be opened. */
function neighboursOf({ archive, stacked: { image } }: Session): RetestSubject['neighbours'] {
  return (archive?.choices ?? []).flatMap((choice) => {
    if (choice.missing !== null) return [];
    try {
      const other = choice.open();
      if (other.id === image.id) return [];
      return [{ name: other.names[0] ?? other.id, diffIds: other.config.diffIds }];
    } catch (error) {
      if (error instanceof Problem) return [];
      throw error;
    }
  });
}

function setuidOfApplication({ origins, stacked: { ledger } }: Session): string[] {
  return setuidTimeline(ledger)
    .paths.filter(({ setuidFinal, steps }) => {
      const set = steps.findLast(({ change }) => change === 'set' || change === 'changed');
      return setuidFinal && set !== undefined && origins[ledger.layerOf(set.event)] === 'application';
    })
    .map(({ path }) => pathText(ledger.paths.path(path)));
}
