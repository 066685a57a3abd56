import type { Ledger } from '../../ledger/ledger.ts';
import type { Reading } from './reading.ts';

/**
 * A reading of a ledger, by path. The path table may grow while layers are still being read: paths
 * from `count` on are not part of this reading.
 */
export interface TreeColumns {
  readonly ledger: Ledger;
  readonly reading: Reading;
  readonly count: number;
  /** {@link Mark} of each path. */
  readonly mark: Uint8Array;
  /** The event whose entry is shown, plus one; of a deleted path the entry that was taken away. 0: none. */
  readonly event: Uint32Array;
  /** The layer that holds that entry. */
  readonly holder: Uint16Array;
  /** Bytes of a regular file, with the first of its names only; of a folder the sum of those below that are there. */
  readonly size: Float64Array;
  /** The same of what this reading shows as deleted. */
  readonly gone: Float64Array;
  /** Bytes, of those in `size`, that later layers throw away. */
  readonly lost: Float64Array;
}
