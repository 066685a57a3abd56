import { type Extent, extentKey } from '../bytes/source.ts';
import type { ScanResult, TaskCall } from './job.ts';
import { type CallersThread, LayerPool } from './pool.ts';

/** Smaller blobs (stored bytes) are indexed quickly once the image is complete; starting early gains nothing. */
const MIN_SIZE = 1 << 20;

export interface EarlyOptions {
  /** Recompute the digests too, in the same pass. */
  readonly digests: boolean;
  /** Task that receives the bytes of the tar in the same pass. */
  readonly task?: TaskCall | undefined;
  /** Matches the paths of files whose contents are kept. */
  readonly keep?: RegExp | undefined;
  /** Smaller blobs (stored bytes) are not indexed early. */
  readonly smallest?: number;
}

/**
 * Indexes layers while the rest of their image is still arriving. Only the manifest says which blobs the image
 * uses, and it may arrive last: an index that nobody takes is discarded.
 */
export class EarlyScans {
  readonly #options: EarlyOptions;
  readonly #scans = new Map<string, Promise<ScanResult>>();
  #pool: LayerPool | null = null;

  constructor(options: EarlyOptions) {
    this.#options = options;
  }

  /** Starts indexing a blob that has arrived completely. */
  begin(extent: Extent): void {
    const key = extentKey(extent);
    const { digests, keep, smallest = MIN_SIZE, task } = this.#options;
    if (extent.size < smallest || this.#scans.has(key)) return;
    this.#pool ??= new LayerPool();
    const options = { digests, hashContents: 'none', keep } as const;
    const scan = this.#pool.run({ kind: 'scan', extent, options, task });
    // Nobody may ever await this promise; avoid an unhandled rejection.
    scan.catch(() => {});
    this.#scans.set(key, scan);
  }

  /** Returns the index of a blob, finished or still running; null if it was not started. It is handed out once. */
  take(extent: Extent): Promise<ScanResult> | null {
    const key = extentKey(extent);
    const scan = this.#scans.get(key) ?? null;
    this.#scans.delete(key);
    return scan;
  }

  /** Returns the pool already at work, or else creates one for `bytes` stored bytes. The caller must close it. */
  poolFor(bytes: number, callers: CallersThread): LayerPool {
    this.#pool ??= LayerPool.for(bytes, callers);
    return this.#pool;
  }

  /** Cancels the running scans. */
  close(): void {
    this.#pool?.close();
    this.#scans.clear();
  }
}
