import { type Digest, parseDigest, sha256 } from '../../bytes/digest.ts';
import { Problem, type Warning } from '../../problem.ts';
import { type BlobStore, readJson } from '../blobs.ts';
import { type ImageConfig, parseConfig } from '../config.ts';
import type { Image, ImageArchive, ImageChoice, ImageLayer } from '../image.ts';
import { isObject } from '../json-fields.ts';
import { type DockerManifestEntry, parseDockerManifest } from '../manifest.ts';

const HEX = /([0-9a-f]{64})/;

/**
 * Opens what `docker save` before version 25 and podman write: `manifest.json` names a config and
 * layer tars for each image.
 * @throws Problem `not-an-image` where manifest.json lists no image
 */
export function openDockerArchive(
  store: BlobStore,
  source: string,
  warnings: readonly Warning[],
): ImageArchive {
  const extent = store.get('manifest.json');
  if (extent === null) throw new Problem('not-an-image', `${source}: no manifest.json`);
  const entries = parseDockerManifest(readJson(store, 'manifest.json', extent).value);
  if (entries === null || entries.length === 0) {
    throw new Problem('not-an-image', `${source}: manifest.json lists no image`, {
      file: source,
      member: 'manifest.json',
      offset: extent.offset,
    });
  }
  const choices = entries.map((entry, index) => dockerChoice(store, source, entry, index));
  return {
    source,
    form: 'docker-archive',
    choices,
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

/** One image's broken config must not keep the others of the archive from being opened. */
function tryConfig(store: BlobStore, source: string, name: string): ReadConfig | Problem {
  try {
    const config = readConfig(store, name);
    if (config !== null) return config;
    const message = `${source}: manifest.json names the config ${name}, which is not in the archive`;
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
    throw new Problem('corrupt', `${store.name}: ${name} is no JSON object`, {
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
      message: `manifest.json lists ${entry.layers.length} layers, the config ${diffIds.length}`,
    });
  }
  const count = Math.max(entry.layers.length, diffIds.length);
  const layers = Array.from({ length: count }, (_, index): ImageLayer => {
    const name = entry.layers[index] ?? '';
    const blob = name === '' ? null : store.get(name);
    if (blob === null) {
      warnings.push({
        code: 'missing-blob',
        message: `layer ${index} (${name === '' ? 'not listed' : name}) is not in the archive`,
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

/** Only a name under blobs/ says what the blob's digest is; `<id>/layer.tar` is named by an ID of Docker's own. */
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
