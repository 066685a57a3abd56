import { type Extent, extentKey } from '../../bytes/source.ts';
import type { TaskCall } from '../../layer/job.ts';
import type { LayerTask } from '../../ledger/read-layers.ts';
import type { UserRule } from '../user-rule.ts';
import type { BlobHits, SecretsInput } from './blob-hits.ts';
import { provideSecretsTask, SECRETS_TASK } from './provide-task.ts';

/**
 * Scans layers while they are indexed, so that each blob is read and decompressed only once. Keeps the hits
 * by blob for {@link findSecrets}.
 */
export class LayerSearch {
  readonly input: SecretsInput;
  readonly #hits = new Map<string, BlobHits>();

  /** @param now the time to check expiry against, in milliseconds since 1970 */
  constructor(unpack: boolean, userRules: readonly UserRule[], now = Date.now()) {
    this.input = { as: 'tar', path: null, unpack, now, userRules };
    provideSecretsTask();
  }

  get call(): TaskCall {
    return { task: SECRETS_TASK, input: this.input };
  }

  /**
   * Returns the task for the layer reader.
   * @param tell called with the number of stored bytes scanned so far
   */
  listener(tell: (done: number) => void): LayerTask {
    const read = new Map<string, number>();
    return {
      call: this.call,
      progress: (extent, storedBytes) => {
        read.set(extentKey(extent), storedBytes);
        tell([...read.values()].reduce((sum, each) => sum + each, 0));
      },
      take: (extent, result) => {
        const hits = result as BlobHits;
        this.#hits.set(extentKey(extent), hits);
        return hits.lost;
      },
    };
  }

  /** Returns the hits of a layer's blob; null if it has not been read. */
  hitsOf(extent: Extent): BlobHits | null {
    return this.#hits.get(extentKey(extent)) ?? null;
  }
}
