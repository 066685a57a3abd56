import { compareFindings, type Finding } from '../finding/finding.ts';
import { storedBytes } from '../image/image.ts';
import { LayerPool } from '../layer/pool.ts';
import { suppressShipped } from '../packages/suppress-shipped.ts';
import type { CheckOutcome } from '../posture/check.ts';
import { checkByCheck } from '../posture/run-checks.ts';
import { readSubject } from '../posture/subject.ts';
import { Problem } from '../problem.ts';
import { suppressAllowed } from '../secrets/allow.ts';
import { findSecrets } from '../secrets/scan/find-secrets.ts';
import type { EarlierValue } from '../secrets/scan/search-values.ts';
import { reportScan } from './listener.ts';
import type { Session } from './session.ts';
import { signalOf } from './session-options.ts';
import { runSliced } from './slices.ts';

/** Optional inputs and callbacks of a scan. */
export interface FindWatch {
  /** Receives the findings so far, in the order of the surfaces. */
  readonly onFindings?: (findings: readonly Finding[]) => void;
  /** Receives the number of stored bytes scanned so far, and their total. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Receives the values by finding id, for a report that reveals them. */
  readonly values?: Map<string, Uint8Array>;
  /** Values of an earlier report, to be searched for everywhere. */
  readonly earlier?: readonly EarlierValue[];
}

/**
 * Finds everything: secrets on every surface, and posture.
 * @returns the findings in the order of {@link compareFindings}
 * @throws Problem `cancelled`
 */
export async function findAll(session: Session, watch: FindWatch = {}): Promise<Finding[]> {
  return (await scanImage(session, watch)).findings;
}

/** The findings of a scan, and the outcome of each posture check. */
export interface ScanOutcome {
  readonly findings: Finding[];
  readonly checks: readonly CheckOutcome[];
}

/** Finds everything, as {@link findAll} does, and also returns the outcome of each posture check. */
export async function scanImage(session: Session, watch: FindWatch = {}): Promise<ScanOutcome> {
  const { config, listener, options } = session;
  const signal = signalOf(options);
  const ordered = (findings: readonly Finding[]): Finding[] =>
    suppressAllowed(findings, config.allow).toSorted(compareFindings);
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
  const shipped = await suppressShipped(secrets, session.stacked, signal, subject.shipped);
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
  // Do not wait for a thread in the middle of a large layer.
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
