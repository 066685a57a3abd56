import { type Extent, extentKey } from '../bytes/source.ts';
import type { ScanResult, TaskCall } from './job.ts';
import { LayerPool } from './pool.ts';

/** Blobs of fewer stored bytes are read in no time once the image is there. */
const WORTH_IT = 1 << 20;

/**
 * Layers that are indexed while the rest of their image is still on its way. Which blobs the image
 * really uses is known only when its manifest has come: an index that nobody takes is thrown away.
 */
export class EarlyScans {
  readonly #digests: boolean;
  readonly #smallest: number;
  readonly #along: TaskCall | undefined;
  readonly #scans = new Map<string, Promise<ScanResult>>();
  #pool: LayerPool | null = null;

  /**
   * @param digests recompute the digests too, in the same pass
   * @param along what reads along in the same pass
   * @param smallest blobs of fewer stored bytes are left for later
   */
  constructor(digests: boolean, along?: TaskCall, smallest = WORTH_IT) {
    this.#digests = digests;
    this.#along = along;
    this.#smallest = smallest;
  }

  /** A blob has arrived whole. */
  begin(extent: Extent): void {
    const key = extentKey(extent);
    if (extent.size < this.#smallest || this.#scans.has(key)) return;
    this.#pool ??= new LayerPool();
    const options = { digests: this.#digests, hashContents: 'none' } as const;
    const scan = this.#pool.run({ kind: 'scan', extent, options, along: this.#along });
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
  poolFor(bytes: number): LayerPool {
    this.#pool ??= LayerPool.for(bytes);
    return this.#pool;
  }

  /** Ends what is under way. */
  close(): void {
    this.#pool?.close();
    this.#scans.clear();
  }
}
