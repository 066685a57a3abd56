import type { Occurrence } from '../../finding/finding.ts';
import type { Masker } from '../mask/masker.ts';
import type { RawHit } from '../raw-hit.ts';
import { DEMOTED } from '../rule.ts';
import { testKeyReason } from './test-keys.ts';

/** A hit at a place of the image, with what is known of the place. */
export interface FoundSecret {
  readonly hit: RawHit;
  readonly occurrence: Occurrence;
  /** Why it is not loud at this place; null where it is. */
  readonly demoted: string | null;
  /** True where a search for a known value found it, and no rule. */
  readonly copy?: true;
}

/** Why a hit is not loud, whatever its place; null where it is. */
export function demotionOf(hit: RawHit): string | null {
  if (DEMOTED.has(hit.verdict)) return hit.reason ?? hit.verdict.replaceAll('-', ' ');
  if (hit.confidence === 'low')
    return 'no more than a guess: the name sounds like a secret, the value does not';
  return testKeyReason(hit.details['publicKey']);
}

/** What was unpacked on the way to a hit, its own encoding last; credentials in names are covered. */
export function insideOf(inside: readonly string[], hit: RawHit, masker: Masker): readonly string[] {
  const way = inside.map((name) => masker.mask(name));
  return hit.via === null ? way : [...way, hit.via];
}
