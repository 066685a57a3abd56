import { createHash, type Hash } from 'node:crypto';

declare const digestBrand: unique symbol;
/** An OCI digest, `algorithm:hex` (image-spec, descriptor.md, "Digests"). */
export type Digest = string & { readonly [digestBrand]: true };

const FORM = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;
const SHA256 = /^sha256:[a-f0-9]{64}$/;
const SHA512 = /^sha512:[a-f0-9]{128}$/;

/** Parses a digest; null if the text is not a digest. Registered algorithms must have their exact length. */
export function parseDigest(text: unknown): Digest | null {
  if (typeof text !== 'string' || !FORM.test(text)) return null;
  if (text.startsWith('sha256:') && !SHA256.test(text)) return null;
  if (text.startsWith('sha512:') && !SHA512.test(text)) return null;
  return text as Digest;
}

/** Splits a digest into its algorithm and its encoded part. */
export function digestParts(digest: Digest): { algorithm: string; encoded: string } {
  const colon = digest.indexOf(':');
  return { algorithm: digest.slice(0, colon), encoded: digest.slice(colon + 1) };
}

/** Returns a hash for the digest's algorithm, or null if exhume does not support the algorithm. */
export function hashFor(digest: Digest): Hash | null {
  const { algorithm } = digestParts(digest);
  return algorithm === 'sha256' || algorithm === 'sha512' ? createHash(algorithm) : null;
}

/** Returns the sha256 digest of bytes. */
export function sha256(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;
}

/** Returns the first 12 hex digits, as engines print them. */
export function shortDigest(digest: string): string {
  const colon = digest.indexOf(':');
  return digest.slice(colon + 1, colon + 13);
}
