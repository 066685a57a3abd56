import type { Digest } from '../../bytes/digest.ts';
import { Problem } from '../../problem.ts';
import { type BlobStore, blobName, notStored, readJson } from '../blobs.ts';
import { type Manifest, parseManifestOrIndex } from '../manifest.ts';

/** A manifest with its bytes; or why it cannot be used, as a clause that follows its digest. */
export type ReadManifest =
  | { readonly manifest: Manifest; readonly bytes: Uint8Array }
  | { readonly manifest: null; readonly why: string };

/** Reads an image manifest of a layout. */
export function readManifest(store: BlobStore, digest: Digest): ReadManifest {
  const name = blobName(digest);
  const extent = store.get(name);
  if (extent === null) return { manifest: null, why: notStored(store, digest) };
  try {
    const { bytes, value } = readJson(store, name, extent);
    const manifest = parseManifestOrIndex(value);
    if (manifest?.kind === 'manifest') return { manifest, bytes };
    return { manifest: null, why: 'is not an image manifest' };
  } catch (error) {
    if (error instanceof Problem) return { manifest: null, why: `cannot be read: ${error.message}` };
    throw error;
  }
}
