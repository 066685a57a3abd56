import type { Occurrence } from '../../finding/finding.ts';
import type { Masker } from '../mask/masker.ts';
import type { RawHit } from '../raw-hit.ts';
import { SUPPRESSED } from '../rule.ts';
import { testKeyReason } from './test-keys.ts';

/** A hit at a place of the image, and the facts of that place. */
export interface FoundSecret {
  readonly hit: RawHit;
  readonly occurrence: Occurrence;
  /** Why it is suppressed at this place; null if it is reported. */
  readonly suppressed: string | null;
  /** True if a search for a known value found it, and not a rule. */
  readonly copy?: true;
}

/** Returns the reason to suppress a hit at any place; null if it is to be reported. */
export function suppressionOf(hit: RawHit): string | null {
  if (SUPPRESSED.has(hit.verdict)) return hit.reason ?? hit.verdict.replaceAll('-', ' ');
  if (hit.confidence === 'low') return 'guess: secret-like name, ordinary value';
  return testKeyReason(hit.details['publicKey']);
}

/** Returns the containers around a hit and its encoding, with credentials in names masked. */
export function insideOf(inside: readonly string[], hit: RawHit, masker: Masker): readonly string[] {
  const steps = inside.map((name) => masker.mask(name));
  return hit.via === null ? steps : [...steps, hit.via];
}
