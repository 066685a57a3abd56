import { compareFindings, type Finding } from '../finding/finding.ts';
import { storedBytes } from '../image/image.ts';
import { LayerPool } from '../layer/pool.ts';
import { demoteShipped } from '../packages/demote-shipped.ts';
import type { CheckOutcome } from '../posture/check.ts';
import { checkByCheck } from '../posture/run-checks.ts';
import { readSubject } from '../posture/subject.ts';
import { Problem } from '../problem.ts';
import { demoteAllowed } from '../secrets/allow.ts';
import { findSecrets } from '../secrets/scan/find-secrets.ts';
import type { EarlierValue } from '../secrets/scan/search-values.ts';
import { reportScan } from './listener.ts';
import type { Session } from './session.ts';
import { signalOf } from './session-options.ts';
import { runSliced } from './slices.ts';

/** What a scan takes and reports beside its result. */
export interface FindWatch {
  /** Receives what was found so far, in the order of the surfaces. */
  readonly onFindings?: (findings: readonly Finding[]) => void;
  /** Receives how many of the stored bytes have been scanned. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Takes the values by the id of their finding, for a report that was asked to reveal them. */
  readonly values?: Map<string, Uint8Array>;
  /** Values of an earlier report, which are searched for wherever they may be. */
  readonly earlier?: readonly EarlierValue[];
}

/**
 * Finds everything: secrets on every surface, and posture.
 * @returns the findings in the order of {@link compareFindings}
 * @throws Problem `cancelled`
 */
export async function findAll(session: Session, watch: FindWatch = {}): Promise<Finding[]> {
  return (await lookAround(session, watch)).findings;
}

/** Findings, and how each check of the posture ended. */
export interface Looked {
  readonly findings: Finding[];
  readonly checks: readonly CheckOutcome[];
}

/** Finds what {@link findAll} finds, and returns the outcome of each check as well. */
export async function lookAround(session: Session, watch: FindWatch = {}): Promise<Looked> {
  const { config, listener, options } = session;
  const signal = signalOf(options);
  const ordered = (findings: readonly Finding[]): Finding[] =>
    demoteAllowed(findings, config.allow).toSorted(compareFindings);
  const subject = await readSubject(session, new Date(), signal);
  const posture = await runSliced(checkByCheck(subject), () => {}, signal);
  if (posture === null) throw new Problem('cancelled', 'cancelled');
  const onFindings = watch.onFindings;
  let secrets: Finding[];
  const progress = reportScan(listener);
  try {
    secrets = await secretsOf(session, {
      ...watch,
      onProgress: (done, total) => {
        progress.update(done, total);
        watch.onProgress?.(done, total);
      },
      ...(onFindings === undefined
        ? {}
        : { onFindings: (found) => onFindings(ordered([...found, ...posture.findings])) }),
    });
  } finally {
    progress.end();
  }
  const shipped = await demoteShipped(secrets, session.stacked, signal, subject.shipped);
  return {
    findings: ordered([...shipped, ...posture.findings]),
    checks: posture.outcomes,
  };
}

async function secretsOf(session: Session, watch: FindWatch): Promise<Finding[]> {
  const { archive, config, options, stacked } = session;
  const signal = signalOf(options);
  const unreferenced = archive?.unreferenced() ?? [];
  const loose = unreferenced.reduce((sum, { extent }) => sum + extent.size, 0);
  const pool = LayerPool.for(storedBytes(stacked.image) + loose, 'helps');
  // A thread in the middle of a large layer must not keep the program from ending.
  const stop = (): void => pool.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await findSecrets(
      { ...session, unreferenced },
      {
        pool,
        unpack: options.unpack !== false,
        userRules: config.rules,
        signal,
        layerSearch: options.searching?.layerSearch,
        ...watch,
      },
    );
  } finally {
    signal.removeEventListener('abort', stop);
    pool.close();
  }
}
