import type { Confidence, Severity } from '../finding/finding.ts';

/** Result of checking a match offline. */
export type Verdict =
  | 'checksum-valid'
  | 'structure-valid'
  | 'pattern-only'
  | 'checksum-fails'
  | 'known-example'
  | 'placeholder'
  | 'expired';

/** Verdicts that suppress a match. Suppressed matches are shown only on request, with the reason. */
export const SUPPRESSED: ReadonlySet<Verdict> = new Set<Verdict>([
  'checksum-fails',
  'known-example',
  'placeholder',
  'expired',
]);

/** Random numbers and texts, for examples made at run time. */
export interface RandomText {
  bytes(count: number): Uint8Array;
  /** Returns an integer from 0 up to, but not including, `limit`. */
  below(limit: number): number;
  /** Returns `count` random characters of the alphabet. */
  text(alphabet: string, count: number): string;
}

/**
 * Which characters must not directly precede a match. `word`: a letter, a digit or `_`, unless it ends an
 * escape such as `\n` or `%3D`; `base64`: a character of base64 or base64url; `none`: any character may
 * precede it.
 */
export type LeftBoundary = 'none' | 'word' | 'base64';

/** A short text that must occur in the content before a pattern is tried. */
export interface Anchor {
  readonly text: string;
  /**
   * Matches ASCII letters regardless of case. Produces many more hits: only for the words in names of
   * variables.
   */
  readonly ignoreCase?: boolean;
}

/** Where the pattern is tried, relative to the anchor. */
export type PatternStart =
  | { readonly at: 'anchor' }
  | { readonly at: 'after' }
  /** A fixed number of bytes before the anchor. */
  | { readonly at: 'before'; readonly bytes: number }
  /**
   * As far back as characters of the class `over` (the inside of a character class) go, at most `max` bytes.
   */
  | { readonly at: 'back'; readonly over: string; readonly max: number };

/**
 * A cheap test on a few bytes before the pattern is tried. `after` and `before`: at least `min` bytes of
 * the class `set` right after or before the anchor; `assigned`: the rest of a name and a separator follow;
 * `authority`: `user:password@` follows.
 */
export type Gate =
  | { readonly kind: 'after' | 'before'; readonly set: string; readonly min: number }
  | { readonly kind: 'assigned' }
  | { readonly kind: 'authority' };

/** Names of the validators in validators/. */
export type ValidatorName =
  | 'none'
  | 'crc32-base62'
  | 'aws-key-id'
  | 'gitlab-routable'
  | 'jwt'
  | 'random'
  | 'private-key'
  | 'putty-key'
  | 'pgp-key'
  | 'bech32'
  | 'base58check'
  | 'macaroon'
  | 'json-inside'
  | 'service-account'
  | 'password-hash'
  | 'url-password'
  | 'dsn-password'
  | 'basic-auth'
  | 'assignment'
  | 'json-web-key'
  | 'aws-secret'
  | 'base64-text';

/** A rule that describes one kind of credential. */
export interface Rule {
  /** Lower case letters, digits and dashes. Reports refer to it, so it must not change. */
  readonly id: string;
  readonly title: string;
  readonly family: string;
  readonly anchors: readonly Anchor[];
  /**
   * Source of a RegExp with bounded quantifiers. The value is the first group that matched, or else the whole
   * match.
   */
  readonly pattern: string;
  readonly start: PatternStart;
  readonly gate: Gate | null;
  readonly left: LeftBoundary;
  readonly validator: ValidatorName;
  readonly severity: Severity;
  /** Confidence in the pattern alone; a valid checksum or format raises it. */
  readonly confidence: Confidence;
  /** Specific enough for binary files; also searched for inside base64. */
  readonly strong: boolean;
  /** Maximum number of bytes that the pattern can match. */
  readonly reach: number;
  /** Returns a made-up text that contains such a credential, and nothing real. */
  readonly example: (random: RandomText) => string;
  readonly references: readonly string[];
}

/** Reports whether a pattern has a capturing group, so that the value is only part of the match. */
export function hasGroup(pattern: string): boolean {
  return /\((?!\?)/.test(pattern.replaceAll(/\\.|\[(?:\\.|[^\]])*\]/g, ''));
}
