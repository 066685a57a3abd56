import { digestParts, sha256 } from '../../bytes/digest.ts';
import { Problem, type Warning } from '../../problem.ts';
import { because, type BlobStore, readJson } from '../blobs.ts';
import { parseConfig } from '../config.ts';
import type { Image, ImageArchive, ImageLayer } from '../image.ts';
import { isObject } from '../json-fields.ts';
import { type Manifest, parseManifestOrIndex } from '../manifest.ts';
import type { SavedForm } from './form.ts';

/**
 * The directory format of skopeo's `dir:` transport: `manifest.json` (an object, not a list), `version`, and
 * blobs named by their hex digest.
 */
export const skopeoDir: SavedForm = {
  id: 'dir',
  accepted: 'a skopeo dir: directory',
  transport: 'dir',
  choosesByReference: false,
  containers: ['directory'],

  detect({ source, store }, named) {
    const manifest = store.get('manifest.json');
    if (manifest === null)
      return named ? `${source}: a skopeo dir: directory needs manifest.json, which is missing` : false;
    if (!Array.isArray(readJson(store, 'manifest.json', manifest).value)) return true;
    return named
      ? `${source}: manifest.json is a list, as in a docker-archive; docker-archive:${source} opens it`
      : false;
  },

  open: ({ source, store, warnings }) => openDir(store, source, warnings),
};

/** @throws Problem `not-an-image` if manifest.json is not an image manifest */
function openDir(store: BlobStore, source: string, warnings: readonly Warning[]): ImageArchive {
  const extent = store.get('manifest.json');
  if (extent === null) throw new Problem('not-an-image', `${source}: no manifest.json`);
  const { bytes, value } = readJson(store, 'manifest.json', extent);
  const manifest = parseManifestOrIndex(value);
  if (manifest === null || manifest.kind === 'index') {
    throw new Problem(
      'not-an-image',
      manifest === null
        ? `${source}: manifest.json is not an image manifest`
        : `${source}: manifest.json is an index; copy one platform, or copy all into an OCI layout (skopeo copy --all … oci:…)`,
      { file: source, member: 'manifest.json' },
    );
  }
  const image = dirImage(store, source, manifest, bytes);
  const used = new Set([
    'manifest.json',
    'version',
    hex(manifest.config.digest),
    ...manifest.layers.map((l) => hex(l.digest)),
  ]);
  return {
    source,
    form: 'dir',
    choices: [
      {
        index: 0,
        names: [],
        platform: image.platform,
        manifestDigest: image.manifestDigest,
        missing: null,
        open: () => image,
      },
    ],
    warnings,
    unreferenced: () =>
      store
        .names()
        .filter((name) => !used.has(name))
        .map((name) => ({ name, extent: store.get(name)! }))
        .filter((blob) => blob.extent !== null),
  };
}

function hex(digest: Manifest['config']['digest']): string {
  return digestParts(digest).encoded;
}

function dirImage(store: BlobStore, source: string, manifest: Manifest, manifestBytes: Uint8Array): Image {
  const name = hex(manifest.config.digest);
  const extent = store.get(name);
  if (extent === null) {
    throw new Problem(
      'missing-blob',
      `${source}: the config ${manifest.config.digest} is not in the directory${because(store.whyMissing(name))}`,
      {
        file: source,
        member: name,
      },
    );
  }
  const { bytes: configBytes, value } = readJson(store, name, extent);
  if (!isObject(value)) throw new Problem('corrupt', `${source}: the config ${name} is not a JSON object`);
  const config = parseConfig(value);
  const warnings: Warning[] = [];
  const layers = manifest.layers.map((layer, index): ImageLayer => {
    const storedAs = hex(layer.digest);
    const blob = store.get(storedAs);
    const whyMissing = blob === null ? store.whyMissing(storedAs) : null;
    if (blob === null) {
      warnings.push({
        code: 'missing-blob',
        message: `layer ${index} (${layer.digest}) is not in the directory${because(whyMissing)}`,
        layer: index,
      });
    }
    return {
      index,
      blob,
      digest: layer.digest,
      diffId: config.diffIds[index] ?? null,
      mediaType: layer.mediaType,
      storedAs,
      whyMissing,
    };
  });
  const id = sha256(configBytes);
  return {
    source,
    form: 'dir',
    names: [],
    id,
    idVerified: id === manifest.config.digest,
    manifestDigest: sha256(manifestBytes),
    manifestVerified: null,
    platform: config.platform,
    config,
    configBytes,
    manifestBytes,
    layers,
    annotations: manifest.annotations,
    attestations: [],
    // From a registry's lookaside store or X-Registry-Supports-Signatures (containers/image, directory transport).
    signatures: store
      .names()
      .filter((each) => /^signature-\d+$/.test(each))
      .map((each) => ({ kind: 'simple signing', name: each, subject: null })),
    warnings,
  };
}
