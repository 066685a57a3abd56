import type { Flag } from '../case/case.ts';
import { flagFindings } from '../case/flag-findings.ts';
import type { Finding } from '../finding/finding.ts';
import { historyFacts } from '../report/image-facts.ts';
import type { EarlierFinding, EarlierReport } from '../retest/read-report.ts';
import type { Session } from './session.ts';

/**
 * Returns the flags of an earlier report as findings in another image, where no rule would find them. A flag does
 * not hold the value, so anything at the same place counts as the flagged secret until a person has checked it.
 */
export function earlierFlags(earlier: EarlierReport, session: Session): Finding[] {
  const flags = earlier.findings
    .filter(({ suppressed, rule }) => rule === 'flagged' && suppressed === null)
    .flatMap((finding) => {
      const place = placeIn(finding, earlier, session);
      return place === null ? [] : [flagAt(finding, place)];
    });
  return flagFindings(flags, { ...session, ledger: session.stacked.ledger }).map((finding) => ({
    ...finding,
    reason: 'flagged by hand in the earlier report; check whether the same place still has the secret',
  }));
}

type Place = Partial<Pick<Flag, 'layer' | 'historyIndex'>>;

/** Finds a flagged place in the new image; null if it no longer exists. */
function placeIn({ where }: EarlierFinding, earlier: EarlierReport, session: Session): Place | null {
  const { config } = session.stacked.image;
  switch (where.surface) {
    case 'env':
      return config.runtime.env.some((entry) => entry.startsWith(`${where.key ?? ''}=`)) ? {} : null;
    case 'history': {
      const before = earlier.history.find(({ index }) => index === where.historyIndex);
      const now = historyFacts(session.history, session.masker).find(
        ({ instruction }) => instruction === before?.instruction,
      );
      return now === undefined ? null : { historyIndex: now.index };
    }
    default:
      return where.path === null ? null : newestLayer(where.path, session);
  }
}

/** Finds the newest layer with an entry at a path, deleted or not. */
function newestLayer(path: string, { stacked: { ledger } }: Session): Place | null {
  const id = ledger.paths.lookup(Buffer.from(path));
  if (id < 0) return null;
  for (let event = ledger.lastEvent(id); event >= 0; event = ledger.previousEvent(event)) {
    if (!ledger.isDeletion(event)) return { layer: ledger.layerOf(event) };
  }
  return null;
}

function flagAt({ id, severity, title, where }: EarlierFinding, place: Place): Flag {
  return {
    id,
    surface: where.surface === 'attestation' || where.surface === 'archive' ? 'config' : where.surface,
    layer: null,
    path: where.path,
    key: where.key,
    historyIndex: where.historyIndex,
    start: null,
    end: null,
    kind: title,
    severity,
    note: null,
    ...place,
  };
}
