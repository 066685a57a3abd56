import { type Extent, extentKey } from '../../bytes/source.ts';
import type { TaskCall } from '../../layer/job.ts';
import type { ReadingAlong } from '../../ledger/read-layers.ts';
import type { UserRule } from '../user-rule.ts';
import type { BlobHits, SecretsInput } from './blob-hits.ts';
import { provideSecretsTask, SECRETS_TASK } from './provide-task.ts';

/**
 * The search through the layers of images while they are indexed: what has to be decompressed is
 * decompressed once for both. Keeps what was found by blob, for {@link findSecrets} to take up.
 */
export class AlongSearch {
  readonly input: SecretsInput;
  readonly #hits = new Map<string, BlobHits>();

  /** @param now the time against which expiry is told, in milliseconds since 1970 */
  constructor(unpack: boolean, userRules: readonly UserRule[], now = Date.now()) {
    this.input = { as: 'tar', path: null, unpack, now, userRules };
    provideSecretsTask();
  }

  get call(): TaskCall {
    return { task: SECRETS_TASK, input: this.input };
  }

  /** For the one who reads the layers. @param tell told how many stored bytes have been looked through */
  telling(tell: (done: number) => void): ReadingAlong {
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

  /** What was found in a layer's blob; null where it has not been read. */
  hitsOf(extent: Extent): BlobHits | null {
    return this.#hits.get(extentKey(extent)) ?? null;
  }
}
