import type { Compression } from '../bytes/compression.ts';
import type { Digest } from '../bytes/digest.ts';
import type { Image } from '../image/image.ts';
import type { Warning } from '../problem.ts';
import type { Ledger } from './ledger.ts';
import type { UnreadParts } from './unread-parts.ts';

/**
 * Whether the recomputed digests match those that the image states; null if not computed, or if there is none
 * to compare with.
 */
export interface Verified {
  readonly digest: boolean | null;
  readonly diffId: boolean | null;
}

/**
 * How far a layer has been read. `damaged`: it is not a tar, ends inside a member, or could not be read completely.
 * `opaque`: neither its media type nor its content is that of a tar; it is read as one file.
 */
export type LayerStatus = 'waiting' | 'reading' | 'indexed' | 'missing' | 'damaged' | 'opaque';

/** What is known so far from reading a layer's blob. */
export interface LayerReading {
  readonly status: LayerStatus;
  /** Stored bytes read so far, of `storedSize`. */
  readonly progress: number;
  readonly storedSize: number;
  /** Bytes of the uncompressed tar; null until known. */
  readonly tarSize: number | null;
  readonly compression: Compression | null;
  /** Computed digests of the blob as stored and of the tar; null until computed. */
  readonly digest: Digest | null;
  readonly diffId: Digest | null;
  readonly verified: Verified;
}

/**
 * An image with its layers read and stacked. While layers are being read, the ledger covers those read so far. Each
 * step creates a new value, and earlier values stay valid.
 */
export interface StackedImage {
  readonly image: Image;
  readonly layers: readonly LayerReading[];
  readonly ledger: Ledger;
  /** True when every readable layer has been read and all necessary contents have been compared. */
  readonly complete: boolean;
  /** True when the digests have been recomputed too. */
  readonly verifiedAll: boolean;
  readonly warnings: readonly Warning[];
  /** What could not be read so far. Reading contents later may add to it. See {@link incompleteOf}. */
  readonly unread: UnreadParts;
}
