import { type Digest, parseDigest } from '../bytes/digest.ts';
import {
  type JsonObject,
  isObject,
  numberField,
  objectField,
  objectsField,
  stringField,
  stringMapField,
  stringsField,
} from './json-fields.ts';
import type { Platform } from './platform.ts';

/** A descriptor (image-spec, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number | null;
  readonly platform: Platform | null;
  readonly annotations: Readonly<Record<string, string>>;
  readonly artifactType: string | null;
}

/** An image manifest (image-spec, manifest.md; Docker's v2 schema 2 has the same fields). */
export interface Manifest {
  readonly kind: 'manifest';
  readonly mediaType: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly artifactType: string | null;
  readonly subject: Digest | null;
}

/** An index or manifest list. */
export interface Index {
  readonly kind: 'index';
  readonly manifests: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

function parseDescriptor(raw: JsonObject): Descriptor | null {
  const digest = parseDigest(stringField(raw, 'digest'));
  if (digest === null) return null;
  const platform = objectField(raw, 'platform');
  return {
    mediaType: stringField(raw, 'mediaType') ?? '',
    digest,
    size: numberField(raw, 'size'),
    platform: platform === null ? null : parsePlatformObject(platform),
    annotations: stringMapField(raw, 'annotations') ?? {},
    artifactType: stringField(raw, 'artifactType'),
  };
}

function parsePlatformObject(raw: JsonObject): Platform {
  const variant = stringField(raw, 'variant');
  return {
    os: stringField(raw, 'os') ?? 'unknown',
    architecture: stringField(raw, 'architecture') ?? 'unknown',
    ...(variant === null || variant === '' ? {} : { variant }),
  };
}

/**
 * Parses a manifest or an index. Its fields decide which it is, because media types in real images may be
 * wrong or absent; null if it is neither.
 */
export function parseManifestOrIndex(value: unknown): Manifest | Index | null {
  if (!isObject(value)) return null;
  const annotations = stringMapField(value, 'annotations') ?? {};
  const manifests = objectsField(value, 'manifests');
  if (manifests !== null) {
    const parsed = manifests.map(parseDescriptor).filter((descriptor) => descriptor !== null);
    return { kind: 'index', manifests: parsed, annotations };
  }
  const config = objectField(value, 'config');
  const layers = objectsField(value, 'layers');
  if (config === null || layers === null) return null;
  const configDescriptor = parseDescriptor(config);
  const subject = objectField(value, 'subject');
  if (configDescriptor === null) return null;
  return {
    kind: 'manifest',
    mediaType: stringField(value, 'mediaType') ?? '',
    config: configDescriptor,
    layers: layers.map(parseDescriptor).filter((descriptor) => descriptor !== null),
    annotations,
    artifactType: stringField(value, 'artifactType'),
    subject: subject === null ? null : (parseDescriptor(subject)?.digest ?? null),
  };
}

/** An element of a docker-archive's manifest.json. */
export interface DockerManifestEntry {
  readonly config: string;
  readonly repoTags: readonly string[];
  readonly layers: readonly string[];
}

/** Parses a docker-archive's manifest.json; null if it is not a list (`null`, or the object of `dir:`). */
export function parseDockerManifest(value: unknown): DockerManifestEntry[] | null {
  if (!Array.isArray(value)) return null;
  const entries: DockerManifestEntry[] = [];
  for (const raw of value.filter(isObject)) {
    const config = stringField(raw, 'Config');
    const layers = stringsField(raw, 'Layers');
    if (config === null) continue;
    entries.push({ config, repoTags: stringsField(raw, 'RepoTags') ?? [], layers: layers ?? [] });
  }
  return entries;
}

/** Reports whether a descriptor is one of BuildKit's attestation manifests, which an index lists beside the images that they describe. */
export function isAttestation(descriptor: Descriptor): boolean {
  return (
    descriptor.annotations['vnd.docker.reference.type'] === 'attestation-manifest' ||
    (descriptor.platform?.os === 'unknown' && descriptor.platform.architecture === 'unknown')
  );
}
