import { digestParts, sha256 } from '../../bytes/digest.ts';
import { Problem, type Warning } from '../../problem.ts';
import { type BlobStore, readJson } from '../blobs.ts';
import { parseConfig } from '../config.ts';
import type { Image, ImageArchive, ImageLayer } from '../image.ts';
import { isObject } from '../json-fields.ts';
import { type Manifest, parseManifestOrIndex } from '../manifest.ts';

/**
 * Opens a folder as skopeo's `dir:` writes it: `manifest.json` (an object, not a list), `version`,
 * and blobs named by their hex digest.
 * @throws Problem `not-an-image` where manifest.json is no image manifest
 */
export function openSkopeoDir(store: BlobStore, source: string): ImageArchive {
  const extent = store.get('manifest.json');
  if (extent === null) throw new Problem('not-an-image', `${source}: no manifest.json`);
  const { bytes, value } = readJson(store, 'manifest.json', extent);
  const manifest = parseManifestOrIndex(value);
  if (manifest === null || manifest.kind === 'index') {
    throw new Problem(
      'not-an-image',
      manifest === null
        ? `${source}: manifest.json is no image manifest`
        : `${source}: manifest.json is an index; copy one platform of it, or the whole into an OCI layout (skopeo copy --all … oci:…)`,
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
    warnings: [],
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
      `${source}: the config ${manifest.config.digest} is not in the folder`,
      {
        file: source,
        member: name,
      },
    );
  }
  const { bytes: configBytes, value } = readJson(store, name, extent);
  if (!isObject(value)) throw new Problem('corrupt', `${source}: the config ${name} is no JSON object`);
  const config = parseConfig(value);
  const warnings: Warning[] = [];
  const layers = manifest.layers.map((layer, index): ImageLayer => {
    const blob = store.get(hex(layer.digest));
    if (blob === null) {
      warnings.push({
        code: 'missing-blob',
        message: `layer ${index} (${layer.digest}) is not in the folder`,
        layer: index,
      });
    }
    return {
      index,
      blob,
      digest: layer.digest,
      diffId: config.diffIds[index] ?? null,
      mediaType: layer.mediaType,
      storedAs: hex(layer.digest),
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
    // What a registry's lookaside store or X-Registry-Supports-Signatures gave (containers/image, directory transport).
    signatures: store
      .names()
      .filter((each) => /^signature-\d+$/.test(each))
      .map((each) => ({ kind: 'simple signing', name: each, subject: null })),
    warnings,
  };
}
