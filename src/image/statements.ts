import { readExtent } from '../bytes/source.ts';
import { Problem } from '../problem.ts';
import type { Image } from './image.ts';
import { isObject, type JsonObject } from './json-fields.ts';

/** Maximum size of a statement in bytes. Even a provenance statement with build logs is smaller. */
const MAX_STATEMENT = 32 << 20;

/**
 * Returns the in-toto statements stored with an image (in-toto attestation framework, "Statement"): those of
 * attestation manifests that describe it, or that name no image.
 * @returns the statements; blobs that are missing, too large or not JSON are skipped
 */
export function readStatements(image: Image): JsonObject[] {
  const statements: JsonObject[] = [];
  for (const { subject, blobs } of image.attestations) {
    if (subject !== null && image.manifestDigest !== null && subject !== image.manifestDigest) continue;
    for (const extent of blobs) {
      if (extent.size > MAX_STATEMENT) continue;
      try {
        const value: unknown = JSON.parse(Buffer.from(readExtent(extent)).toString('utf8'));
        if (isObject(value)) statements.push(value);
      } catch (error) {
        // Not JSON, or not readable. The secret search reads the blob too, and records what it cannot read.
        if (!(error instanceof SyntaxError) && !(error instanceof Problem)) throw error;
      }
    }
  }
  return statements;
}
