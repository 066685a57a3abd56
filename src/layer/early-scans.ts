import { type Extent, extentKey } from '../bytes/source.ts';
import type { ScanResult, TaskCall } from './job.ts';
import { type CallersThread, LayerPool } from './pool.ts';

/** Blobs of fewer stored bytes are read in no time once the image is there. */
const WORTH_IT = 1 << 20;

export interface EarlyOptions {
  /** Recompute the digests too, in the same pass. */
  readonly digests: boolean;
  /** Task that receives the bytes of the tar in the same pass. */
  readonly task?: TaskCall | undefined;
  /** Paths of files whose contents are kept. */
  readonly keep?: RegExp | undefined;
  /** Blobs of fewer stored bytes are left for later. */
  readonly smallest?: number;
}

/**
 * Layers that are indexed while the rest of their image is still on its way. Which blobs the image
 * really uses is known only when its manifest has come: an index that nobody takes is thrown away.
 */
export class EarlyScans {
  readonly #options: EarlyOptions;
  readonly #scans = new Map<string, Promise<ScanResult>>();
  #pool: LayerPool | null = null;

  constructor(options: EarlyOptions) {
    this.#options = options;
  }

  /** A blob has arrived whole. */
  begin(extent: Extent): void {
    const key = extentKey(extent);
    const { digests, keep, smallest = WORTH_IT, task } = this.#options;
    if (extent.size < smallest || this.#scans.has(key)) return;
    this.#pool ??= new LayerPool();
    const options = { digests, hashContents: 'none', keep } as const;
    const scan = this.#pool.run({ kind: 'scan', extent, options, task });
    // One that fails and is not taken is nobody's trouble.
    scan.catch(() => {});
    this.#scans.set(key, scan);
  }

  /** The index of a blob, under way or done; null where it was not begun. It is handed out once. */
  take(extent: Extent): Promise<ScanResult> | null {
    const key = extentKey(extent);
    const scan = this.#scans.get(key) ?? null;
    this.#scans.delete(key);
    return scan;
  }

  /** The threads that are at work already, else a pool for so many stored bytes. To be closed by the caller. */
  poolFor(bytes: number, callers: CallersThread): LayerPool {
    this.#pool ??= LayerPool.for(bytes, callers);
    return this.#pool;
  }

  /** Ends what is under way. */
  close(): void {
    this.#pool?.close();
    this.#scans.clear();
  }
}
