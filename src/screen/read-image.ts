import type { Feed } from '../../components/feed.ts';
import type { FlagSources } from '../case/flag-findings.ts';
import type { Finding } from '../finding/finding.ts';
import { storedBytes } from '../image/image.ts';
import type { LayerPool } from '../layer/pool.ts';
import { stackImage } from '../ledger/stack.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { Problem } from '../problem.ts';
import { findAll } from '../session/find-all.ts';
import { sessionOf, type UnreadSession } from '../session/session.ts';
import type { ScreenCase } from './screen-case.ts';
import type { ShownImage } from './shown-image.ts';

/** What {@link readImage} needs and shares with the screen. */
export interface Reading {
  readonly unread: UnreadSession;
  readonly shown: ShownImage;
  readonly held: ScreenCase;
  readonly sources: () => FlagSources | null;
  /** The image as far as it has been read, and the workers that read it. Set by {@link readImage}. */
  readonly open: { stacked: StackedImage | null; pool: LayerPool | null };
  /** Fires when the user interrupts the program. */
  readonly signal: AbortSignal;
}

/**
 * Reads the layers of an image, scans it and runs the retest, all in the background; feeds the screen.
 * @returns a function that stops the work; called when the screen closes
 */
export function readImage(feed: Feed, reading: Reading): () => void {
  const { open, shown, unread } = reading;
  const { early, image, options } = shown;
  const pool = early.poolFor(storedBytes(image), 'free');
  open.pool = pool;
  const leaving = new AbortController();
  const signal = AbortSignal.any([reading.signal, leaving.signal]);
  stackImage(image, {
    pool,
    early,
    verify: options.verify === false ? 'never' : 'later',
    signal,
    step(stacked) {
      open.stacked = stacked;
      feed.stacked(stacked, unread.history);
    },
  })
    .then((stacked) => scan(feed, stacked, reading, signal))
    .catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'cancelled') return;
      feed.failed(error instanceof Error ? error.message : String(error));
    });
  return () => {
    leaving.abort();
    pool.close();
  };
}

async function scan(
  feed: Feed,
  stacked: StackedImage,
  { held, shown, sources, unread }: Reading,
  signal: AbortSignal,
): Promise<void> {
  const { options, retest } = shown;
  feed.dispatch({ type: 'case', held: held.view(sources()!), text: '' });
  if (options.verify === false) {
    feed.dispatch({ type: 'findings', list: [], search: 'off' });
    return;
  }
  const show = (list: readonly Finding[], search: 'running' | 'done'): void =>
    feed.dispatch({ type: 'findings', list, search });
  const session = sessionOf({ ...unread, options: { ...unread.options, signal } }, stacked);
  const found = await findAll(session, {
    onFindings: (list) => show(list, 'running'),
    earlier: retest?.earlier ?? [],
  });
  show(found, 'done');
  if (retest !== null) feed.dispatch({ type: 'retest', retest: retest.compare(session, found) });
}
