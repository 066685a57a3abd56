import { type Digest, parseDigest } from '../bytes/digest.ts';
import { type BlobStore, blobName, readJson } from './blobs.ts';
import { isObject, objectField, stringField } from './json-fields.ts';
import type { Manifest } from './manifest.ts';
import { Problem } from '../problem.ts';

/** A signature stored beside an image. Only the signer's key could verify it. */
export interface Signature {
  /** The signature format: `cosign`, `sigstore bundle`, `notation` or `simple signing`. */
  readonly kind: string;
  /** The digest of its manifest, or its file name. */
  readonly name: string;
  /** The signed manifest; null if unknown. */
  readonly subject: Digest | null;
}

/** The kind of a manifest that describes an image. */
export type CompanionKind = 'signature' | 'attestation' | 'other';

const COSIGN_PAYLOAD = 'application/vnd.dev.cosign.simplesigning.v1+json';
const EMPTY = 'application/vnd.oci.empty.v1+json';
const ENVELOPE = 'application/vnd.dsse.envelope.v1+json';
const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle/;
const NOTATION = 'application/vnd.cncf.notary.signature';
/** The annotation that `cosign save` gives a manifest in index.json. */
const COSIGN_KIND = /^dev\.cosignproject\.cosign\/(sigs|atts|sboms)$/;
/** The tags under which cosign stores signatures, attestations and SBOMs (cosign, SIGNATURE_SPEC.md). */
const COSIGN_TAG = /(?:^|:)sha256-([0-9a-f]{64})\.(sig|att|sbom)$/;
const REF = 'org.opencontainers.image.ref.name';

/**
 * Determines whether a manifest is a companion that tools store beside an image: a signature, an attestation
 * or a bill of materials.
 * @param annotations of the descriptors that led to it
 * @returns null for an image
 */
export function companionKind(
  manifest: Manifest,
  annotations: Readonly<Record<string, string>>,
): CompanionKind | null {
  const types = [manifest.artifactType, manifest.config.mediaType, ...manifest.layers.map(mediaType)];
  if (types.some((type) => type === COSIGN_PAYLOAD || type === NOTATION || BUNDLE.test(type ?? ''))) {
    return 'signature';
  }
  const declared =
    COSIGN_KIND.exec(annotations['kind'] ?? '')?.[1] ?? COSIGN_TAG.exec(annotations[REF] ?? '')?.[2];
  if (declared === 'sigs' || declared === 'sig') return 'signature';
  if (declared === 'atts' || declared === 'att' || types.includes(ENVELOPE)) return 'attestation';
  // An artifact (image-spec, manifest.md, "Guidelines for Artifact Usage") about another manifest.
  const artifact = manifest.subject !== null && manifest.config.mediaType === EMPTY;
  return declared === undefined && !artifact ? null : 'other';
}

/** Returns the signature in a manifest. Its subject field, its tag or its payload names what it signs. */
export function signatureOf(
  store: BlobStore,
  digest: Digest,
  manifest: Manifest,
  annotations: Readonly<Record<string, string>>,
): Signature {
  const types = [manifest.artifactType, manifest.config.mediaType, ...manifest.layers.map(mediaType)];
  const bundle = types.some((type) => BUNDLE.test(type ?? ''));
  const kind = types.includes(NOTATION) ? 'notation' : bundle ? 'sigstore bundle' : 'cosign';
  return { kind, name: digest, subject: companionSubject(store, manifest, annotations) };
}

/** Returns the manifest that a companion describes; null if unknown. */
export function companionSubject(
  store: BlobStore,
  manifest: Manifest,
  annotations: Readonly<Record<string, string>>,
): Digest | null {
  if (manifest.subject !== null) return manifest.subject;
  const hex = COSIGN_TAG.exec(annotations[REF] ?? '')?.[1];
  if (hex !== undefined) return parseDigest(`sha256:${hex}`);
  for (const layer of manifest.layers) {
    if (layer.mediaType !== COSIGN_PAYLOAD) continue;
    const subject = payloadSubject(store, layer.digest);
    if (subject !== null) return subject;
  }
  return null;
}

/** Returns `critical.image.docker-manifest-digest` of a payload (containers/image, containers-signature.5). */
function payloadSubject(store: BlobStore, digest: Digest): Digest | null {
  const extent = store.get(blobName(digest));
  if (extent === null) return null;
  try {
    const { value } = readJson(store, blobName(digest), extent);
    const critical = isObject(value) ? objectField(value, 'critical') : null;
    const image = critical === null ? null : objectField(critical, 'image');
    return image === null ? null : parseDigest(stringField(image, 'docker-manifest-digest'));
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

function mediaType(descriptor: { readonly mediaType: string }): string {
  return descriptor.mediaType;
}
