import { type Digest, parseDigest, sha256 } from '../../bytes/digest.ts';
import { Problem, type Warning } from '../../problem.ts';
import { because, type BlobStore, readJson } from '../blobs.ts';
import { type ImageConfig, parseConfig } from '../config.ts';
import type { Image, ImageArchive, ImageChoice, ImageLayer } from '../image.ts';
import { isObject } from '../json-fields.ts';
import { type DockerManifestEntry, parseDockerManifest } from '../manifest.ts';
import { openLayout } from '../oci/layout.ts';
import type { SavedForm } from './form.ts';

const HEX = /([0-9a-f]{64})/;

/**
 * The format of `docker save` and `podman save`: `manifest.json` names a config and layer tars for each image. Docker
 * 25 and later put it into an OCI layout. An archive unpacked into a directory is read too.
 */
export const dockerArchive: SavedForm = {
  id: 'docker-archive',
  accepted: 'a docker-archive (docker save, podman save)',
  transport: 'docker-archive',
  choosesByReference: true,
  containers: ['archive', 'directory'],

  detect({ container, source, store }, named) {
    const manifest = store.get('manifest.json');
    if (manifest === null)
      return named ? `${source}: a docker-archive needs manifest.json, which is missing` : false;
    // An archive with manifest.json has no other format; opening it reports an invalid list.
    if (container === 'archive') return true;
    // A directory may also be an OCI layout, or a skopeo dir: whose manifest has the same file name.
    if (!named && hasLayout(store)) return false;
    return Array.isArray(readJson(store, 'manifest.json', manifest).value);
  },

  open({ container, source, store, warnings }) {
    return container === 'archive' && hasLayout(store)
      ? openHybrid(store, source, warnings)
      : openListed(store, source, warnings);
  },
};

function hasLayout(store: BlobStore): boolean {
  return store.get('index.json') !== null && store.get('oci-layout') !== null;
}

/**
 * Opens an OCI layout with a manifest.json. The layout has more information (manifests, platforms, attestations);
 * manifest.json has the names, and is used instead if the layout leads to no image.
 */
function openHybrid(store: BlobStore, source: string, warnings: readonly Warning[]): ImageArchive {
  try {
    const repoTags = readRepoTags(store);
    const archive = openLayout(store, source, 'docker-archive', { warnings, repoTags });
    if (archive.choices.some((choice) => choice.missing === null)) return archive;
  } catch (error) {
    // manifest.json may still lead to an image; the warning below says that the layout did not.
    if (!(error instanceof Problem)) throw error;
  }
  return openListed(store, source, [
    ...warnings,
    { code: 'unusable-layout', message: 'index.json leads to no image; manifest.json was used instead' },
  ]);
}

/** Returns the names in manifest.json, by the digest of the config. */
function readRepoTags(store: BlobStore): Map<Digest, readonly string[]> {
  const { entries } = readManifestJson(store, store.name);
  return new Map(
    entries.flatMap(({ config, repoTags }) => {
      const digest = parseDigest(`sha256:${HEX.exec(config)?.[1]}`);
      return digest === null ? [] : [[digest, repoTags] as const];
    }),
  );
}

/** Returns the images in manifest.json; empty if it is not a list. */
function readManifestJson(
  store: BlobStore,
  source: string,
): { readonly entries: readonly DockerManifestEntry[]; readonly offset: number } {
  const extent = store.get('manifest.json');
  if (extent === null) throw new Problem('not-an-image', `${source}: no manifest.json`);
  const { value } = readJson(store, 'manifest.json', extent);
  return { entries: parseDockerManifest(value) ?? [], offset: extent.offset };
}

/** @throws Problem `not-an-image` if manifest.json lists no image */
function openListed(store: BlobStore, source: string, warnings: readonly Warning[]): ImageArchive {
  const { entries, offset } = readManifestJson(store, source);
  if (entries.length === 0) {
    throw new Problem('not-an-image', `${source}: manifest.json lists no image`, {
      file: source,
      member: 'manifest.json',
      offset,
    });
  }
  return {
    source,
    form: 'docker-archive',
    choices: entries.map((entry, index) => dockerChoice(store, source, entry, index)),
    warnings,
    unreferenced: () => unreferencedBlobs(store, entries),
  };
}

function dockerChoice(
  store: BlobStore,
  source: string,
  entry: DockerManifestEntry,
  index: number,
): ImageChoice {
  const config = tryConfig(store, source, entry.config);
  const problem = config instanceof Problem ? config : null;
  return {
    index,
    names: entry.repoTags,
    platform: config instanceof Problem ? UNKNOWN_PLATFORM : config.parsed.platform,
    manifestDigest: null,
    missing: problem === null ? null : problem.message,
    open: () => {
      if (config instanceof Problem) throw config;
      return dockerImage(store, source, entry, config);
    },
  };
}

const UNKNOWN_PLATFORM = { os: 'unknown', architecture: 'unknown' } as const;

/** Returns a problem instead of throwing it, so that one broken config does not prevent opening the other images. */
function tryConfig(store: BlobStore, source: string, name: string): ReadConfig | Problem {
  try {
    const config = readConfig(store, name);
    if (config !== null) return config;
    const why = because(store.whyMissing(name));
    const message = `${source}: manifest.json names the config ${name}, which is not in the archive${why}`;
    return new Problem('missing-blob', message, { file: source, member: name });
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

interface ReadConfig {
  readonly bytes: Uint8Array;
  readonly parsed: ImageConfig;
}

function readConfig(store: BlobStore, name: string): ReadConfig | null {
  const extent = store.get(name);
  if (extent === null) return null;
  const { bytes, value } = readJson(store, name, extent);
  if (!isObject(value)) {
    throw new Problem('corrupt', `${store.name}: ${name} is not a JSON object`, {
      file: store.name,
      member: name,
    });
  }
  return { bytes, parsed: parseConfig(value) };
}

function dockerImage(
  store: BlobStore,
  source: string,
  entry: DockerManifestEntry,
  config: ReadConfig,
): Image {
  const warnings: Warning[] = [];
  const { diffIds } = config.parsed;
  if (diffIds.length !== entry.layers.length) {
    warnings.push({
      code: 'layer-count',
      message: `number of layers differs: ${entry.layers.length} in manifest.json, ${diffIds.length} in the config`,
    });
  }
  const count = Math.max(entry.layers.length, diffIds.length);
  const layers = Array.from({ length: count }, (_, index): ImageLayer => {
    const name = entry.layers[index] ?? '';
    const blob = name === '' ? null : store.get(name);
    const whyMissing = blob !== null || name === '' ? null : store.whyMissing(name);
    if (blob === null) {
      warnings.push({
        code: 'missing-blob',
        message: `layer ${index} (${name === '' ? 'not listed' : name}) is not in the archive${because(whyMissing)}`,
        layer: index,
      });
    }
    return {
      index,
      blob,
      digest: declaredBlobDigest(name),
      diffId: diffIds[index] ?? null,
      mediaType: 'application/vnd.docker.image.rootfs.diff.tar',
      storedAs: name,
      whyMissing,
    };
  });
  const id = sha256(config.bytes);
  const named = HEX.exec(entry.config)?.[1];
  return {
    source,
    form: 'docker-archive',
    names: entry.repoTags,
    id,
    idVerified: named === undefined ? null : id === `sha256:${named}`,
    manifestDigest: null,
    manifestVerified: null,
    platform: config.parsed.platform,
    config: config.parsed,
    configBytes: config.bytes,
    manifestBytes: null,
    layers,
    annotations: {},
    attestations: [],
    signatures: null,
    warnings,
  };
}

/** Returns the digest in a name below blobs/; null for `<id>/layer.tar`, where the ID is internal to Docker. */
function declaredBlobDigest(name: string): Digest | null {
  const match = /^blobs\/([a-z0-9]+)\/([a-f0-9]+)$/.exec(name);
  return match === null ? null : parseDigest(`${match[1]}:${match[2]}`);
}

function unreferencedBlobs(
  store: BlobStore,
  entries: readonly DockerManifestEntry[],
): ReturnType<ImageArchive['unreferenced']> {
  const used = new Set<number>();
  for (const name of ['manifest.json', 'repositories', 'index.json', 'oci-layout'])
    markUsed(store, name, used);
  for (const entry of entries) {
    markUsed(store, entry.config, used);
    for (const layer of entry.layers) markUsed(store, layer, used);
  }
  return store
    .names()
    .map((name) => ({ name, extent: store.get(name) }))
    .filter((blob) => blob.extent !== null && !used.has(blob.extent.offset))
    .map(({ name, extent }) => ({ name, extent: extent! }));
}

function markUsed(store: BlobStore, name: string, used: Set<number>): void {
  const extent = store.get(name);
  if (extent !== null) used.add(extent.offset);
}
