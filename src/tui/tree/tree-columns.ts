import type { Ledger } from '../../ledger/ledger.ts';
import type { Reading } from './reading.ts';

/**
 * A reading of a ledger, by path. The path table may grow while layers are read: paths from `count` on are not
 * part of this reading.
 */
export interface TreeColumns {
  readonly ledger: Ledger;
  readonly reading: Reading;
  readonly count: number;
  /** {@link Mark} of each path. */
  readonly mark: Uint8Array;
  /** The event whose entry is shown, plus one; for a deleted path, of the deleted entry. 0 for none. */
  readonly event: Uint32Array;
  /** The layer that contains that entry. */
  readonly holder: Uint16Array;
  /** Bytes of a regular file, at its first name only; for a directory, the sum of existing files below. */
  readonly size: Float64Array;
  /** The same for files that this reading shows as deleted. */
  readonly gone: Float64Array;
  /** Wasted bytes: those of `size` that later layers delete or overwrite. */
  readonly lost: Float64Array;
}
