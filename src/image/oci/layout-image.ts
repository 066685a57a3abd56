import { type Digest, hashFor, sha256 } from '../../bytes/digest.ts';
import { Problem, type Warning } from '../../problem.ts';
import { type BlobStore, blobName, because, readJson } from '../blobs.ts';
import { parseConfig } from '../config.ts';
import type { Attestation, Image, ImageLayer } from '../image.ts';
import { isObject } from '../json-fields.ts';
import type { Descriptor, Manifest } from '../manifest.ts';
import type { Signature } from '../signatures.ts';
import type { ImageForm } from '../image-form.ts';
import type { Found } from './index-walk.ts';

/** The companions of a layout's images. */
export interface Companions {
  readonly attestations: readonly Attestation[];
  readonly signatures: readonly Signature[];
}

/**
 * Opens one image of a layout.
 * @throws Problem `corrupt` if its config is not a JSON object
 */
export function layoutImage(
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
    throw new Problem('corrupt', `${source}: the config ${manifest.config.digest} is not a JSON object`, {
      file: source,
      member: name,
    });
  }
  const config = parseConfig(value);
  if (config.diffIds.length !== manifest.layers.length) {
    warnings.push({
      code: 'layer-count',
      message: `number of layers differs: ${manifest.layers.length} in the manifest, ${config.diffIds.length} in the config`,
    });
  }
  const attestations = companions.attestations.filter(
    ({ subject }) => subject === null || subject === found.descriptor.digest,
  );
  for (const { missing, omitted } of attestations) {
    const messages = missing.map(({ reason }) => reason);
    if (omitted !== null) messages.push(`${omitted}; it was not searched`);
    warnings.push(...messages.map((message) => ({ code: 'missing-blob', message })));
  }
  const layers = manifest.layers.map((layer, index) =>
    layoutLayer(store, layer, index, config.diffIds[index] ?? null, warnings),
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
    attestations,
    // A signature of an index applies to all images in it.
    signatures: companions.signatures.filter(
      ({ subject }) =>
        subject === null || subject === found.descriptor.digest || found.within.includes(subject),
    ),
    warnings,
  };
}

function layoutLayer(
  store: BlobStore,
  layer: Descriptor,
  index: number,
  diffId: Digest | null,
  warnings: Warning[],
): ImageLayer {
  const storedAs = blobName(layer.digest);
  const blob = store.get(storedAs);
  const whyMissing = blob === null ? store.whyMissing(storedAs) : null;
  if (blob === null) {
    warnings.push({
      code: 'missing-blob',
      message: `layer ${index} (${layer.digest}) is not stored${because(whyMissing)}`,
      layer: index,
    });
  } else if (layer.size !== null && layer.size !== blob.size) {
    warnings.push({
      code: 'size-mismatch',
      message: `size of layer ${index} differs: ${blob.size} bytes stored, ${layer.size} in the manifest`,
      layer: index,
    });
  }
  return { index, blob, digest: layer.digest, diffId, mediaType: layer.mediaType, storedAs, whyMissing };
}

function matches(digest: Digest, bytes: Uint8Array): boolean | null {
  const hash = hashFor(digest);
  return hash === null
    ? null
    : `${digest.slice(0, digest.indexOf(':'))}:${hash.update(bytes).digest('hex')}` === digest;
}
