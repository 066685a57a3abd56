import type { Digest } from '../bytes/digest.ts';
import type { Extent } from '../bytes/source.ts';
import type { Warning } from '../problem.ts';
import type { ImageConfig } from './config.ts';
import type { ImageForm } from './image-form.ts';
import type { Signature } from './signatures.ts';
import type { Platform } from './platform.ts';

/** A layer, as described by the manifest. */
export interface ImageLayer {
  /** From 0 at the bottom. */
  readonly index: number;
  /** The blob as stored; null if the archive does not contain it. */
  readonly blob: Extent | null;
  /** The blob's digest according to the manifest; null in formats without it. */
  readonly digest: Digest | null;
  /** The digest of the uncompressed tar according to the config; null if the config has none. */
  readonly diffId: Digest | null;
  /** From the manifest, or implied by the format. */
  readonly mediaType: string;
  /** The name of the member or file. */
  readonly storedAs: string;
  /** Why the blob is missing, as a clause; null if it is not missing or the reason is unknown. */
  readonly whyMissing: string | null;
}

/** A blob that is referenced but cannot be read. */
export interface MissingBlob {
  /** Bytes, according to its descriptor; null if unknown. */
  readonly size: number | null;
  /** Names the blob and says why. */
  readonly reason: string;
}

/** A layer whose blob the archive holds. */
export type StoredLayer = ImageLayer & { readonly blob: Extent };

export function isStored(layer: ImageLayer): layer is StoredLayer {
  return layer.blob !== null;
}

/** A manifest that describes an image, stored beside it. */
export interface Attestation {
  readonly digest: Digest;
  /** The manifest that it describes, or null. */
  readonly subject: Digest | null;
  readonly predicateTypes: readonly string[];
  readonly blobs: readonly Extent[];
  /** Blobs that should be in the archive and cannot be read: those of its manifest, or the damaged manifest. */
  readonly missing: readonly MissingBlob[];
  /**
   * A message that its manifest is not stored; null if it is. An engine that saves one platform omits it, like the
   * manifests of other platforms, but keeps the index that lists them.
   */
  readonly omitted: string | null;
}

/** An image opened for reading. It is never written to. */
export interface Image {
  /** The name that the user gave. */
  readonly source: string;
  readonly form: ImageForm;
  /** Its references in the archive; may be empty. */
  readonly names: readonly string[];
  /** The image ID: the digest of the config. Always computed. */
  readonly id: Digest;
  /** False if the config's file name or the manifest has another digest; null if neither has one. */
  readonly idVerified: boolean | null;
  /** Computed digest of the manifest; null in formats without one. */
  readonly manifestDigest: Digest | null;
  readonly manifestVerified: boolean | null;
  readonly platform: Platform;
  readonly config: ImageConfig;
  readonly configBytes: Uint8Array;
  readonly manifestBytes: Uint8Array | null;
  /** From the bottom up. */
  readonly layers: readonly ImageLayer[];
  /** Annotations of the manifest and of the descriptors that led to it. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly attestations: readonly Attestation[];
  /** Signatures of the image, and those whose subject is unknown; null in formats without signatures. */
  readonly signatures: readonly Signature[] | null;
  readonly warnings: readonly Warning[];
}

/** One of the images in an archive. */
export interface ImageChoice {
  /** From 0, in the archive's order: `--image INDEX`. */
  readonly index: number;
  readonly names: readonly string[];
  readonly platform: Platform;
  readonly manifestDigest: Digest | null;
  /** Why it cannot be opened (its manifest or config is missing), or null. */
  readonly missing: string | null;
  open(): Image;
}

/** An opened archive or directory and its images. */
export interface ImageArchive {
  readonly source: string;
  readonly form: ImageForm;
  readonly choices: readonly ImageChoice[];
  readonly warnings: readonly Warning[];
  /** Returns the blobs that no image of the archive references. */
  unreferenced(): readonly { readonly name: string; readonly extent: Extent }[];
}

/** Returns the total size of all layer blobs as stored, in bytes. */
export function storedBytes(image: Image): number {
  return image.layers.reduce((sum, { blob }) => sum + (blob?.size ?? 0), 0);
}
