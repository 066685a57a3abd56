import type { Digest } from '../bytes/digest.ts';
import type { Extent } from '../bytes/source.ts';
import type { Warning } from '../problem.ts';
import type { ImageConfig } from './config.ts';
import type { ImageForm } from './image-form.ts';
import type { Signature } from './signatures.ts';
import type { Platform } from './platform.ts';

/** One layer as the manifest names it. */
export interface ImageLayer {
  /** From 0 at the bottom. */
  readonly index: number;
  /** The blob as stored; null where the archive does not hold it. */
  readonly blob: Extent | null;
  /** What the manifest says the blob's digest is; null in forms that do not say. */
  readonly digest: Digest | null;
  /** What the config says the digest of the uncompressed tar is; null where it says nothing. */
  readonly diffId: Digest | null;
  /** As written in the manifest, or what the form implies. */
  readonly mediaType: string;
  /** How the archive names it: a member or a file. */
  readonly storedAs: string;
  /** Why the archive does not hold the blob, as a clause; null if it holds it, or if nothing more is known. */
  readonly whyMissing: string | null;
}

/** A blob that is named but cannot be read. */
export interface MissingBlob {
  /** Bytes, by the descriptor that names it; null if it does not say. */
  readonly size: number | null;
  /** Names the blob and says why. */
  readonly reason: string;
}

/** A layer whose blob the archive holds. */
export type StoredLayer = ImageLayer & { readonly blob: Extent };

export function isStored(layer: ImageLayer): layer is StoredLayer {
  return layer.blob !== null;
}

/** A manifest that rides along and describes an image instead of being one. */
export interface Attestation {
  readonly digest: Digest;
  /** The manifest that it speaks about, or null. */
  readonly subject: Digest | null;
  readonly predicateTypes: readonly string[];
  readonly blobs: readonly Extent[];
  /** What should be in the archive and cannot be read: blobs that its manifest names, or a damaged manifest. */
  readonly missing: readonly MissingBlob[];
  /**
   * Says that its manifest is not stored; null if it is. An engine that saves one platform leaves it out like the
   * manifests of other platforms, and keeps the index that names them.
   */
  readonly omitted: string | null;
}

/** One image, opened for reading. Nothing of it is ever written. */
export interface Image {
  /** What the user named. */
  readonly source: string;
  readonly form: ImageForm;
  /** References that the archive gives it; may be empty. */
  readonly names: readonly string[];
  /** Digest of the config: the image ID. Always computed, never taken on trust. */
  readonly id: Digest;
  /** False where the config's own name or the manifest says another digest. */
  readonly idVerified: boolean | null;
  /** Digest of the manifest, computed; null in forms without one. */
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
  /** Signatures that lie beside it and speak of it, as far as they say of what; null in forms that hold none. */
  readonly signatures: readonly Signature[] | null;
  readonly warnings: readonly Warning[];
}

/** One of the images that an archive offers. */
export interface ImageChoice {
  /** From 0, in the archive's order: `--image INDEX`. */
  readonly index: number;
  readonly names: readonly string[];
  readonly platform: Platform;
  readonly manifestDigest: Digest | null;
  /** Why it cannot be opened (its manifest or config is not in the archive), or null. */
  readonly missing: string | null;
  open(): Image;
}

/** A saved form, looked into: the images it offers. */
export interface ImageArchive {
  readonly source: string;
  readonly form: ImageForm;
  readonly choices: readonly ImageChoice[];
  readonly warnings: readonly Warning[];
  /** Blobs that no image of the archive refers to. */
  unreferenced(): readonly { readonly name: string; readonly extent: Extent }[];
}

/** Bytes of all layer blobs, as stored. */
export function storedBytes(image: Image): number {
  return image.layers.reduce((sum, { blob }) => sum + (blob?.size ?? 0), 0);
}
