import type { RawHit } from '../raw-hit.ts';

/** A value that was found somewhere, to be searched for everywhere. Plain data. */
export interface KnownText {
  /** Its bytes as latin1. */
  readonly text: string;
  /** Whether a match must not touch a letter or digit: a password may be part of other words. */
  readonly bounded: boolean;
}

/** A value whose fingerprint and length alone are known (see valueFingerprint in identity.ts). Plain data. */
export interface KnownHash {
  readonly fingerprint: string;
  /** In bytes. */
  readonly length: number;
  /**
   * Prefixes, one of which the value starts with. Such a value is also found inside words, as in a database
   * or compiled code. Empty for a value without a fixed prefix.
   */
  readonly prefixes: readonly string[];
}

/** Known values to search for in place of the rules. */
export type ValueSearch =
  | { readonly by: 'text'; readonly values: readonly KnownText[] }
  | { readonly by: 'hash'; readonly values: readonly KnownHash[] };

/** Stands for the rule id in the hits of a value search. */
export const KNOWN_VALUE = 'known-value';

/** Returns the hit of a value search; the caller knows which credential the value is. */
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
