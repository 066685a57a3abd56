import { type Digest, hashFor, sha256 } from '../../bytes/digest.ts';
import type { Extent } from '../../bytes/source.ts';
import { Problem, type Warning } from '../../problem.ts';
import { type BlobStore, blobName, readJson } from '../blobs.ts';
import { parseConfig } from '../config.ts';
import type { Attestation, Image, ImageArchive, ImageChoice, ImageForm, ImageLayer } from '../image.ts';
import { isObject } from '../json-fields.ts';
import { type Descriptor, isAttestation, type Manifest, parseManifestOrIndex } from '../manifest.ts';
import type { Platform } from '../platform.ts';
import { companionKind, companionSubject, type Signature, signatureOf } from '../signatures.ts';

/** Indexes may nest; deeper than this is no image but a trap. */
const MAX_DEPTH = 8;
/** And an index that fans out beyond this many manifests is one too. */
const MAX_MANIFESTS = 10_000;

/** A manifest reached through the index, with what was said about it on the way. */
interface Found {
  readonly descriptor: Descriptor;
  readonly annotations: Readonly<Record<string, string>>;
  /** The indexes on the way, from the top. */
  readonly within: readonly Digest[];
}

/** What lies beside the images of a layout. */
interface Companions {
  readonly attestations: readonly Attestation[];
  readonly signatures: readonly Signature[];
}

/**
 * Opens an OCI image layout (image-spec, image-layout.md), from a folder or an archive.
 * @param repoTags names that a manifest.json beside it gives, by config digest
 * @throws Problem `not-an-image` where index.json names no image manifest at all
 */
export function openOciLayout(
  store: BlobStore,
  source: string,
  form: ImageForm,
  options: {
    readonly warnings: readonly Warning[];
    readonly repoTags?: ReadonlyMap<Digest, readonly string[]>;
  },
): ImageArchive {
  const extent = store.get('index.json');
  if (extent === null) throw new Problem('not-an-image', `${source}: no index.json`);
  const top = parseManifestOrIndex(readJson(store, 'index.json', extent).value);
  if (top?.kind !== 'index') {
    throw new Problem('not-an-image', `${source}: index.json is no image index`, {
      file: source,
      member: 'index.json',
      offset: extent.offset,
    });
  }
  const walk = new IndexWalk(store);
  for (const descriptor of top.manifests) {
    walk.visit({ descriptor, annotations: descriptor.annotations, within: [] }, 0);
  }
  const warnings = [...options.warnings, ...walk.warnings];
  const companions: Companions = { attestations: walk.attestations(), signatures: walk.signatures };
  const choices = walk.images.map((found, index) =>
    ociChoice(store, source, form, found, index, companions, options.repoTags),
  );
  if (choices.length === 0) {
    throw new Problem('not-an-image', `${source}: index.json names no image`, {
      file: source,
      member: 'index.json',
    });
  }
  return { source, form, choices, warnings, unreferenced: () => walk.unreferenced() };
}

class IndexWalk {
  readonly images: Found[] = [];
  readonly warnings: Warning[] = [];
  readonly #store: BlobStore;
  readonly signatures: Signature[] = [];
  readonly #attestations: Found[] = [];
  /** Signatures, and what else is no image. */
  readonly #others: Found[] = [];
  readonly #seen = new Set<string>();

  constructor(store: BlobStore) {
    this.#store = store;
  }

  visit(found: Found, depth: number): void {
    const { descriptor } = found;
    if (this.#seen.size >= MAX_MANIFESTS || depth > MAX_DEPTH) return;
    const key = `${descriptor.digest} ${found.annotations['org.opencontainers.image.ref.name'] ?? ''}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (isAttestation(descriptor)) {
      this.#attestations.push(found);
      return;
    }
    const extent = this.#store.get(blobName(descriptor.digest));
    if (extent === null) {
      if (!isIndexType(descriptor.mediaType)) this.images.push(found);
      this.warnings.push({
        code: 'missing-blob',
        message: `manifest ${descriptor.digest} is named by the index but not stored`,
      });
      return;
    }
    let parsed: ReturnType<typeof parseManifestOrIndex> = null;
    try {
      parsed = parseManifestOrIndex(readJson(this.#store, blobName(descriptor.digest), extent).value);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
    if (parsed === null) {
      this.warnings.push({
        code: 'unknown-media-type',
        message: `${descriptor.digest} (${descriptor.mediaType || 'no media type'}) is neither manifest nor index`,
      });
    } else if (parsed.kind === 'manifest') {
      this.#put(found, parsed);
    } else {
      for (const child of parsed.manifests) {
        this.visit(
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
      const subject = descriptor.annotations['vnd.docker.reference.digest'];
      const manifest = readManifest(this.#store, descriptor.digest);
      const layers = manifest?.manifest.layers ?? [];
      return {
        digest: descriptor.digest,
        subject:
          (subject as Digest | undefined) ??
          (manifest === null ? null : companionSubject(this.#store, manifest.manifest, annotations)),
        predicateTypes: layers
          .map((layer) => layer.annotations['in-toto.io/predicate-type'])
          .filter((type) => type !== undefined),
        blobs: layers.map((layer) => this.#store.get(blobName(layer.digest))).filter((blob) => blob !== null),
      };
    });
  }

  unreferenced(): { name: string; extent: Extent }[] {
    const used = new Set<string>(['index.json', 'oci-layout', 'manifest.json', 'repositories']);
    const mark = (digest: Digest): void => void used.add(blobName(digest));
    for (const key of this.#seen) used.add(blobName(key.split(' ')[0] as Digest));
    for (const { descriptor } of [...this.images, ...this.#attestations, ...this.#others]) {
      const manifest = readManifest(this.#store, descriptor.digest)?.manifest;
      if (manifest === undefined) continue;
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

function readManifest(store: BlobStore, digest: Digest): { manifest: Manifest; bytes: Uint8Array } | null {
  const extent = store.get(blobName(digest));
  if (extent === null) return null;
  try {
    const { bytes, value } = readJson(store, blobName(digest), extent);
    const manifest = parseManifestOrIndex(value);
    return manifest?.kind === 'manifest' ? { manifest, bytes } : null;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

function ociChoice(
  store: BlobStore,
  source: string,
  form: ImageForm,
  found: Found,
  index: number,
  companions: Companions,
  repoTags: ReadonlyMap<Digest, readonly string[]> | undefined,
): ImageChoice {
  const { descriptor } = found;
  const read = readManifest(store, descriptor.digest);
  const configDigest = read?.manifest.config.digest;
  const configExtent = configDigest === undefined ? null : store.get(blobName(configDigest));
  const names = mergeNames(
    (configDigest && repoTags?.get(configDigest)) ?? [],
    annotatedNames(found.annotations),
  );
  const missing =
    read === null
      ? `its manifest ${descriptor.digest} is not stored`
      : configExtent === null
        ? `its config ${configDigest} is not stored`
        : null;
  return {
    index,
    names,
    platform: descriptor.platform ??
      configPlatform(store, read?.manifest) ?? { os: 'unknown', architecture: 'unknown' },
    manifestDigest: descriptor.digest,
    missing,
    open: () => {
      if (read === null || configExtent === null || missing !== null) {
        throw new Problem('missing-blob', `${source}: image ${index} cannot be opened: ${missing}`, {
          file: source,
        });
      }
      return ociImage(store, source, form, names, found, read, companions);
    },
  };
}

function configPlatform(store: BlobStore, manifest: Manifest | undefined): Platform | null {
  if (manifest === undefined) return null;
  const extent = store.get(blobName(manifest.config.digest));
  if (extent === null) return null;
  try {
    const { value } = readJson(store, blobName(manifest.config.digest), extent);
    return isObject(value) ? parseConfig(value).platform : null;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

/** Docker writes `tiny:1` in one place and `docker.io/library/tiny:1` in another: the short one stays. */
function mergeNames(tags: readonly string[], annotated: readonly string[]): string[] {
  const known = new Set(tags.flatMap((tag) => [tag, `docker.io/${tag}`, `docker.io/library/${tag}`]));
  return [...tags, ...annotated.filter((name) => !known.has(name))];
}

/** Engines write the full name in an annotation of containerd's, skopeo in ref.name itself. */
function annotatedNames(annotations: Readonly<Record<string, string>>): string[] {
  const full = annotations['io.containerd.image.name'];
  const ref = annotations['org.opencontainers.image.ref.name'];
  if (full !== undefined && full !== '') return [full];
  return ref === undefined || ref === '' ? [] : [ref];
}

function ociImage(
  store: BlobStore,
  source: string,
  form: ImageForm,
  names: readonly string[],
  found: Found,
  read: { readonly manifest: Manifest; readonly bytes: Uint8Array },
  companions: Companions,
): Image {
  const { manifest } = read;
  const warnings: Warning[] = [];
  const name = blobName(manifest.config.digest);
  const { bytes: configBytes, value } = readJson(store, name, store.get(name)!);
  if (!isObject(value)) {
    throw new Problem('corrupt', `${source}: the config ${manifest.config.digest} is no JSON object`, {
      file: source,
      member: name,
    });
  }
  const config = parseConfig(value);
  if (config.diffIds.length !== manifest.layers.length) {
    warnings.push({
      code: 'layer-count',
      message: `the manifest lists ${manifest.layers.length} layers, the config ${config.diffIds.length}`,
    });
  }
  const layers = manifest.layers.map((layer, index) =>
    ociLayer(store, layer, index, config.diffIds[index] ?? null, warnings),
  );
  return {
    source,
    form,
    names,
    id: sha256(configBytes),
    idVerified: matches(manifest.config.digest, configBytes),
    manifestDigest: sha256(read.bytes),
    manifestVerified: matches(found.descriptor.digest, read.bytes),
    platform: found.descriptor.platform ?? config.platform,
    config,
    configBytes,
    manifestBytes: read.bytes,
    layers,
    annotations: { ...found.annotations, ...manifest.annotations },
    attestations: companions.attestations.filter(
      ({ subject }) => subject === null || subject === found.descriptor.digest,
    ),
    // One of the index speaks of all its images.
    signatures: companions.signatures.filter(
      ({ subject }) =>
        subject === null || subject === found.descriptor.digest || found.within.includes(subject),
    ),
    warnings,
  };
}

function ociLayer(
  store: BlobStore,
  layer: Descriptor,
  index: number,
  diffId: Digest | null,
  warnings: Warning[],
): ImageLayer {
  const storedAs = blobName(layer.digest);
  const blob = store.get(storedAs);
  if (blob === null) {
    warnings.push({
      code: 'missing-blob',
      message: `layer ${index} (${layer.digest}) is not stored`,
      layer: index,
    });
  } else if (layer.size !== null && layer.size !== blob.size) {
    warnings.push({
      code: 'size-mismatch',
      message: `layer ${index} is ${blob.size} bytes long, the manifest says ${layer.size}`,
      layer: index,
    });
  }
  return { index, blob, digest: layer.digest, diffId, mediaType: layer.mediaType, storedAs };
}

function matches(digest: Digest, bytes: Uint8Array): boolean | null {
  const hash = hashFor(digest);
  return hash === null
    ? null
    : `${digest.slice(0, digest.indexOf(':'))}:${hash.update(bytes).digest('hex')}` === digest;
}
