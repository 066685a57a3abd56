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
import type { UserRule } from '../secrets/user-rule.ts';
import { runSliced } from './slices.ts';
import { searchProgress } from '../commands/search-progress.ts';
import type { CommandContext } from '../commands/context.ts';
import type { OpenedImage } from './open-image.ts';

/** What decides what is looked for. */
export interface FindOptions {
  /** `--no-unpack` makes it false: archives and compressed files are not looked into. */
  readonly unpack?: boolean;
  /** No progress on standard error. */
  readonly quiet?: boolean;
}

/** What it needs of a command's surroundings; without standard error nothing is said there. */
export type FindContext = Pick<CommandContext, 'signal'> & Partial<Pick<CommandContext, 'stderr'>>;

/** Who wants to know before all is found. */
export interface FindWatch {
  /** Told what was found so far, in the order of the surfaces. */
  readonly onFindings?: (findings: readonly Finding[]) => void;
  /** Told how many stored bytes have been looked through, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Takes the values by the id of their finding, for a report that was asked to reveal them. */
  readonly values?: Map<string, Uint8Array>;
  /** Values of an earlier report, which are searched for wherever they may be. */
  readonly earlier?: readonly EarlierValue[];
}

/**
 * Looks for everything: secrets on every surface, and posture.
 * @returns loud findings first, see {@link compareFindings}
 * @throws Problem `usage` for a configuration that is wrong, `cancelled`
 */
export async function findAll(
  opened: OpenedImage,
  options: FindOptions,
  context: FindContext,
  watch: FindWatch = {},
): Promise<Finding[]> {
  return (await lookAround(opened, options, context, watch)).findings;
}

/** Findings, and how each check of the posture ended. */
export interface Looked {
  readonly findings: Finding[];
  readonly checks: readonly CheckOutcome[];
}

/** As {@link findAll}, with what the checks came to. */
export async function lookAround(
  opened: OpenedImage,
  options: FindOptions,
  context: FindContext,
  watch: FindWatch = {},
): Promise<Looked> {
  const { config } = opened;
  const told = (findings: readonly Finding[]): Finding[] =>
    demoteAllowed(findings, config.allow).toSorted(compareFindings);
  const subject = await readSubject(opened, new Date(), context.signal);
  const posture = await runSliced(checkByCheck(subject), () => {}, context.signal);
  if (posture === null) throw new Problem('cancelled', 'cancelled');
  const onFindings = watch.onFindings;
  let secrets: Finding[];
  const progress = searchProgress(context.stderr, options.quiet === true);
  try {
    secrets = await secretsOf(opened, options, config.rules, context, {
      ...watch,
      onProgress: (done, total) => {
        progress.update(done, total);
        watch.onProgress?.(done, total);
      },
      ...(onFindings === undefined
        ? {}
        : { onFindings: (found) => onFindings(told([...found, ...posture.findings])) }),
    });
  } finally {
    progress.end();
  }
  const shipped = await demoteShipped(secrets, opened.stacked, context.signal, subject.shipped);
  return {
    findings: told([...shipped, ...posture.findings]),
    checks: posture.outcomes,
  };
}

async function secretsOf(
  opened: OpenedImage,
  options: FindOptions,
  userRules: readonly UserRule[],
  context: FindContext,
  watch: FindWatch,
): Promise<Finding[]> {
  const unreferenced = opened.archive?.unreferenced() ?? [];
  const loose = unreferenced.reduce((sum, { extent }) => sum + extent.size, 0);
  const pool = LayerPool.for(storedBytes(opened.stacked.image) + loose, 'helps');
  // A thread in the middle of a large layer must not keep the program from ending.
  const stop = (): void => pool.close();
  context.signal.addEventListener('abort', stop, { once: true });
  try {
    return await findSecrets(
      { ...opened, unreferenced },
      {
        pool,
        unpack: options.unpack !== false,
        userRules,
        signal: context.signal,
        along: opened.searching?.along,
        ...watch,
      },
    );
  } finally {
    context.signal.removeEventListener('abort', stop);
    pool.close();
  }
}
