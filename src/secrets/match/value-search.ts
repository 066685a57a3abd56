import type { RawHit } from '../raw-hit.ts';

/** A value that was found, to be searched for wherever it is copied to. Plain data. */
export interface KnownText {
  /** Its bytes as latin1. */
  readonly text: string;
  /** It counts only where no letter or digit touches it: a password may be a part of other words. */
  readonly bounded: boolean;
}

/** A value of which only the fingerprint is known (see valueFingerprint in identity.ts). Plain data. */
export interface KnownHash {
  readonly fingerprint: string;
  /** In bytes. */
  readonly length: number;
  /**
   * The texts of which the value begins with one: it is then found inside of other words too, as in a database or
   * compiled code. Empty for a value that is searched for only where words begin and end.
   */
  readonly begins: readonly string[];
}

/** Values that are searched for instead of what the rules describe. */
export type ValueSearch =
  | { readonly by: 'text'; readonly values: readonly KnownText[] }
  | { readonly by: 'hash'; readonly values: readonly KnownHash[] };

/** In place of the id of a rule: a hit of a value search. */
export const KNOWN_VALUE = 'known-value';

/** Makes the hit of a value search; whoever searched knows what the value is. */
export function valueHit(value: Uint8Array, start: number): RawHit {
  return {
    rule: KNOWN_VALUE,
    title: '',
    start,
    end: start + value.length,
    line: null,
    value,
    verdict: 'pattern-only',
    reason: null,
    severity: 'info',
    confidence: 'high',
    via: null,
    details: {},
    tier: 0,
  };
}
