import type { Confidence, Severity } from '../finding/finding.ts';

/** What was found out about a match without asking anyone. */
export type Verdict =
  | 'checksum-valid'
  | 'structure-valid'
  | 'pattern-only'
  | 'checksum-fails'
  | 'known-example'
  | 'placeholder'
  | 'expired';

/** Verdicts that demote: the match is shown on request only, with its reason. */
export const DEMOTED: ReadonlySet<Verdict> = new Set<Verdict>([
  'checksum-fails',
  'known-example',
  'placeholder',
  'expired',
]);

/** Numbers and texts by chance, for examples made at run time. */
export interface RandomText {
  bytes(count: number): Uint8Array;
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
  /** `count` characters of the alphabet. */
  text(alphabet: string, count: number): string;
}

/**
 * What must not stand right before a match. `word`: a letter, a digit or `_`, unless it ends an escape
 * such as `\n` or `%3D`; `base64`: a character of base64 or base64url; `none`: whatever stands there.
 */
export type LeftBoundary = 'none' | 'word' | 'base64';

/** A short text that must stand in the content before a pattern is tried. */
export interface Anchor {
  readonly text: string;
  /** Matches ASCII letters of either case. Costs hits: meant for the words of assignments only. */
  readonly ignoreCase?: boolean;
}

/** Where the pattern is tried, seen from the anchor. */
export type PatternStart =
  | { readonly at: 'anchor' }
  | { readonly at: 'after' }
  /** A fixed number of bytes before the anchor. */
  | { readonly at: 'before'; readonly bytes: number }
  /** As far back as the characters of `over` (the inside of a character class) go, at most `most` bytes. */
  | { readonly at: 'back'; readonly over: string; readonly most: number };

/**
 * What a few bytes must look like before the pattern is worth a try: a test on bytes, far cheaper than
 * the pattern. `after` and `before`: at least `least` bytes of the class `set` right after or before the
 * anchor; `assigned`: the rest of a name and a separator; `authority`: `user:password@` to come.
 */
export type Gate =
  | { readonly kind: 'after' | 'before'; readonly set: string; readonly least: number }
  | { readonly kind: 'assigned' }
  | { readonly kind: 'authority' };

/** Names of the checks under validators/. */
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

/** One kind of credential, as data. */
export interface Rule {
  /** Lower case and dashes; stable, since reports name it. */
  readonly id: string;
  readonly title: string;
  readonly family: string;
  readonly anchors: readonly Anchor[];
  /** Source of a RegExp with bounded quantifiers. The value is the first group that took part, else the match. */
  readonly pattern: string;
  readonly start: PatternStart;
  readonly gate: Gate | null;
  readonly left: LeftBoundary;
  readonly validator: ValidatorName;
  readonly severity: Severity;
  /** How sure the pattern alone is; a checksum or a structure raises it. */
  readonly confidence: Confidence;
  /** Specific enough for binary files, and looked for inside base64 too. */
  readonly strong: boolean;
  /** Bytes from the start of the pattern that it can take at most. */
  readonly reach: number;
  /** A made-up text that holds such a credential and nothing real. */
  readonly example: (random: RandomText) => string;
  readonly references: readonly string[];
}

/** Reports whether a pattern has a group that captures: the value is then a part of the match only. */
export function hasGroup(pattern: string): boolean {
  return /\((?!\?)/.test(pattern.replaceAll(/\\.|\[(?:\\.|[^\]])*\]/g, ''));
}
