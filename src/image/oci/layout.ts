import type { Digest } from '../../bytes/digest.ts';
import { Problem, type Warning } from '../../problem.ts';
import { type BlobStore, blobName, notStored, readJson } from '../blobs.ts';
import { parseConfig } from '../config.ts';
import type { ImageForm } from '../image-form.ts';
import type { ImageArchive, ImageChoice } from '../image.ts';
import { isObject } from '../json-fields.ts';
import { type Manifest, parseManifestOrIndex } from '../manifest.ts';
import type { Platform } from '../platform.ts';
import { type Found, IndexWalk } from './index-walk.ts';
import { type Companions, layoutImage } from './layout-image.ts';
import { readManifest, type ReadManifest } from './read-manifest.ts';

/**
 * Opens an OCI image layout (image-spec, image-layout.md) in a directory or an archive.
 * @param form the format to report: a docker-archive may contain a layout too
 * @param repoTags names from a manifest.json in the layout, by the digest of the config
 * @throws Problem `not-an-image` if index.json leads to no image manifest
 */
export function openLayout(
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
    throw new Problem('not-an-image', `${source}: index.json is not an image index`, {
      file: source,
      member: 'index.json',
      offset: extent.offset,
    });
  }
  const walk = new IndexWalk(store, top);
  const warnings = [...options.warnings, ...walk.warnings];
  const companions: Companions = { attestations: walk.attestations(), signatures: walk.signatures };
  const choices = walk.images.map((found, index) =>
    layoutChoice(store, source, form, found, index, companions, options.repoTags),
  );
  if (choices.length === 0) {
    const [noticed] = walk.warnings;
    const why = noticed === undefined ? '' : `; ${noticed.message}`;
    throw new Problem('not-an-image', `${source}: index.json lists no image${why}`, {
      file: source,
      member: 'index.json',
    });
  }
  return { source, form, choices, warnings, unreferenced: () => walk.unreferenced() };
}

function layoutChoice(
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
  const configDigest = read.manifest?.config.digest;
  const names = mergeNames(
    (configDigest && repoTags?.get(configDigest)) ?? [],
    annotatedNames(found.annotations),
  );
  const missing = whyMissing(store, descriptor.digest, read);
  return {
    index,
    names,
    platform: descriptor.platform ??
      configPlatform(store, read.manifest) ?? { os: 'unknown', architecture: 'unknown' },
    manifestDigest: descriptor.digest,
    missing,
    open: () => {
      if (read.manifest === null || missing !== null) {
        throw new Problem('missing-blob', `${source}: image ${index} cannot be opened: ${missing}`, {
          file: source,
        });
      }
      return layoutImage(store, source, form, names, found, read, companions);
    },
  };
}

/** Returns why an image cannot be opened; null if its manifest and config are stored. */
function whyMissing(store: BlobStore, digest: Digest, read: ReadManifest): string | null {
  if (read.manifest === null) return `its manifest ${digest} ${read.why}`;
  const config = read.manifest.config.digest;
  return store.get(blobName(config)) === null ? `its config ${config} ${notStored(store, config)}` : null;
}

/** Returns the platform in the config; null if the config cannot be read, which opening the image reports. */
function configPlatform(store: BlobStore, manifest: Manifest | null): Platform | null {
  if (manifest === null) return null;
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

/** Merges names. Docker writes `tiny:1` in one place and `docker.io/library/tiny:1` in another: the short name is kept. */
function mergeNames(tags: readonly string[], annotated: readonly string[]): string[] {
  const known = new Set(tags.flatMap((tag) => [tag, `docker.io/${tag}`, `docker.io/library/${tag}`]));
  return [...tags, ...annotated.filter((name) => !known.has(name))];
}

/** Returns the names in annotations. Engines write the full name to containerd's annotation, skopeo to ref.name. */
function annotatedNames(annotations: Readonly<Record<string, string>>): string[] {
  const full = annotations['io.containerd.image.name'];
  const ref = annotations['org.opencontainers.image.ref.name'];
  if (full !== undefined && full !== '') return [full];
  return ref === undefined || ref === '' ? [] : [ref];
}
