import { type Digest, parseDigest } from '../../bytes/digest.ts';
import type { Extent } from '../../bytes/source.ts';
import { Problem, type Warning } from '../../problem.ts';
import { because, type BlobStore, blobName, notStored, readJson } from '../blobs.ts';
import type { Attestation, MissingBlob } from '../image.ts';
import {
  type Descriptor,
  type Index,
  isAttestation,
  type Manifest,
  parseManifestOrIndex,
} from '../manifest.ts';
import { companionKind, companionSubject, type Signature, signatureOf } from '../signatures.ts';
import { readManifest } from './read-manifest.ts';

/** Maximum nesting of indexes; no real image nests deeper. */
const MAX_DEPTH = 8;
/** Maximum number of manifests in an index; no real image has more. */
const MAX_MANIFESTS = 10_000;

/** A manifest found in the index, with the annotations of all descriptors that led to it. */
export interface Found {
  readonly descriptor: Descriptor;
  readonly annotations: Readonly<Record<string, string>>;
  /** The indexes that contain it, outermost first. */
  readonly within: readonly Digest[];
}

/** Visits all manifests of an index and its nested indexes, and separates images from their companions. */
export class IndexWalk {
  readonly images: Found[] = [];
  readonly warnings: Warning[] = [];
  readonly #store: BlobStore;
  readonly signatures: Signature[] = [];
  readonly #attestations: Found[] = [];
  /** Signatures and other companions, except attestations. */
  readonly #others: Found[] = [];
  readonly #seen = new Set<string>();

  constructor(store: BlobStore, top: Index) {
    this.#store = store;
    for (const descriptor of top.manifests) {
      this.#visit({ descriptor, annotations: descriptor.annotations, within: [] }, 0);
    }
  }

  #visit(found: Found, depth: number): void {
    const { descriptor } = found;
    const key = `${descriptor.digest} ${found.annotations['org.opencontainers.image.ref.name'] ?? ''}`;
    if (this.#seen.has(key)) return;
    if (this.#seen.size >= MAX_MANIFESTS || depth > MAX_DEPTH) {
      this.#warnOfLimit();
      return;
    }
    this.#seen.add(key);
    if (isAttestation(descriptor)) {
      this.#attestations.push(found);
      return;
    }
    const extent = this.#store.get(blobName(descriptor.digest));
    if (extent === null) {
      if (!isIndexType(descriptor.mediaType)) this.images.push(found);
      const why = because(this.#store.whyMissing(blobName(descriptor.digest)));
      this.warnings.push({
        code: 'missing-blob',
        message: `manifest ${descriptor.digest} is listed in the index but not stored${why}`,
      });
      return;
    }
    const parsed = this.#parse(descriptor.digest, extent);
    if (parsed === null) {
      this.warnings.push({
        code: 'unknown-media-type',
        message: `${descriptor.digest} (${descriptor.mediaType || 'no media type'}) is neither a manifest nor an index`,
      });
    } else if (parsed instanceof Problem) {
      this.warnings.push({ code: parsed.code, message: parsed.message });
    } else if (parsed.kind === 'manifest') {
      this.#put(found, parsed);
    } else {
      for (const child of parsed.manifests) {
        this.#visit(
          {
            descriptor: child,
            annotations: { ...found.annotations, ...child.annotations },
            within: [...found.within, descriptor.digest],
          },
          depth + 1,
        );
      }
    }
  }

  #parse(digest: Digest, extent: Extent): ReturnType<typeof parseManifestOrIndex> | Problem {
    try {
      return parseManifestOrIndex(readJson(this.#store, blobName(digest), extent).value);
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  }

  #warnOfLimit(): void {
    const code = 'index-limit';
    if (this.warnings.some((warning) => warning.code === code)) return;
    const message = `the index has more than ${MAX_MANIFESTS} manifests or more than ${MAX_DEPTH} levels; the rest was not read`;
    this.warnings.push({ code, message });
  }

  #put(found: Found, manifest: Manifest): void {
    const { annotations, descriptor } = found;
    const kind = companionKind(manifest, annotations);
    if (kind === null) this.images.push(found);
    else if (kind === 'attestation') this.#attestations.push(found);
    else {
      this.#others.push(found);
      if (kind === 'signature') {
        this.signatures.push(signatureOf(this.#store, descriptor.digest, manifest, annotations));
      }
    }
  }

  attestations(): Attestation[] {
    return this.#attestations.map(({ annotations, descriptor }) => {
      const { digest, size } = descriptor;
      const declared = parseDigest(descriptor.annotations['vnd.docker.reference.digest'] ?? null);
      const read = readManifest(this.#store, digest);
      if (read.manifest === null) {
        const reason = `attestation manifest ${digest} ${read.why}`;
        const isStored = this.#store.get(blobName(digest)) !== null;
        return {
          digest,
          subject: declared,
          predicateTypes: [],
          blobs: [],
          missing: isStored ? [{ size, reason }] : [],
          omitted: isStored ? null : reason,
        };
      }
      const { layers } = read.manifest;
      return {
        digest,
        subject: declared ?? companionSubject(this.#store, read.manifest, annotations),
        predicateTypes: layers
          .map((layer) => layer.annotations['in-toto.io/predicate-type'])
          .filter((type) => type !== undefined),
        blobs: layers.map((layer) => this.#store.get(blobName(layer.digest))).filter((blob) => blob !== null),
        missing: layers.flatMap((layer) => this.#missingBlob(layer)),
        omitted: null,
      };
    });
  }

  #missingBlob({ digest, size }: Descriptor): MissingBlob[] {
    if (this.#store.get(blobName(digest)) !== null) return [];
    return [{ size, reason: `attestation ${digest} ${notStored(this.#store, digest)}` }];
  }

  unreferenced(): { name: string; extent: Extent }[] {
    const used = new Set<string>(['index.json', 'oci-layout', 'manifest.json', 'repositories']);
    const mark = (digest: Digest): void => void used.add(blobName(digest));
    for (const key of this.#seen) used.add(blobName(key.split(' ')[0] as Digest));
    for (const { descriptor } of [...this.images, ...this.#attestations, ...this.#others]) {
      const manifest = readManifest(this.#store, descriptor.digest).manifest;
      if (manifest === null) continue;
      mark(manifest.config.digest);
      for (const layer of manifest.layers) mark(layer.digest);
    }
    return this.#store
      .names()
      .filter((name) => !used.has(name))
      .map((name) => ({ name, extent: this.#store.get(name) }))
      .filter((blob): blob is { name: string; extent: Extent } => blob.extent !== null);
  }
}

function isIndexType(mediaType: string): boolean {
  return mediaType.includes('image.index') || mediaType.includes('manifest.list');
}
