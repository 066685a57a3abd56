import type { Compression } from '../bytes/compression.ts';
import type { Digest } from '../bytes/digest.ts';
import type { Image } from '../image/image.ts';
import type { Warning } from '../problem.ts';
import type { Ledger } from './ledger.ts';
import type { UnreadParts } from './unread-parts.ts';

/** Whether recomputed digests match what the image says; null: not computed, or nothing to hold it against. */
export interface Verified {
  readonly digest: boolean | null;
  readonly diffId: boolean | null;
}

/**
 * How far a layer has been read. `damaged`: it is not a tar, ends inside a member, or some of it could not be read.
 * `opaque`: its media type is not a tar's, and neither is its content; it is read as one file.
 */
export type LayerStatus = 'waiting' | 'reading' | 'indexed' | 'missing' | 'damaged' | 'opaque';

/** What reading a layer's blob has told so far. */
export interface LayerReading {
  readonly status: LayerStatus;
  /** Stored bytes gone by, of `storedSize`. */
  readonly progress: number;
  readonly storedSize: number;
  /** Bytes of the uncompressed tar; null until known. */
  readonly tarSize: number | null;
  readonly compression: Compression | null;
  /** Digest of the blob as stored and of the tar, as computed; null until then. */
  readonly digest: Digest | null;
  readonly diffId: Digest | null;
  readonly verified: Verified;
}

/**
 * An image with its layers read and stacked. While layers are still being read the ledger covers
 * those that are there; a new value replaces it with each step, and what is shown stays valid.
 */
export interface StackedImage {
  readonly image: Image;
  readonly layers: readonly LayerReading[];
  readonly ledger: Ledger;
  /** True when every layer that can be read has been, and contents that had to be compared are. */
  readonly complete: boolean;
  /** True when the digests have been recomputed too. */
  readonly verifiedAll: boolean;
  readonly warnings: readonly Warning[];
  /** What could not be read so far; contents that are read later may add to it. See {@link incompleteOf}. */
  readonly unread: UnreadParts;
}
