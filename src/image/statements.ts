import { readExtent } from '../bytes/source.ts';
import { Problem } from '../problem.ts';
import type { Image } from './image.ts';
import { isObject, type JsonObject } from './json-fields.ts';

/** Statements of provenance hold build logs at worst; larger ones are left alone. */
const LARGEST = 32 << 20;

/**
 * The in-toto statements that ride along with an image (in-toto attestation framework, "Statement"):
 * those of attestation manifests that speak of it, or of no image in particular.
 * @returns what parses as JSON; a blob that is missing, too large or no JSON is passed over
 */
export function readStatements(image: Image): JsonObject[] {
  const statements: JsonObject[] = [];
  for (const { subject, blobs } of image.attestations) {
    if (subject !== null && image.manifestDigest !== null && subject !== image.manifestDigest) continue;
    for (const extent of blobs) {
      if (extent.size > LARGEST) continue;
      try {
        const value: unknown = JSON.parse(Buffer.from(readExtent(extent)).toString('utf8'));
        if (isObject(value)) statements.push(value);
      } catch (error) {
        // Not JSON, or not readable; the search for secrets reads the blob too, and records what it cannot read.
        if (!(error instanceof SyntaxError) && !(error instanceof Problem)) throw error;
      }
    }
  }
  return statements;
}
