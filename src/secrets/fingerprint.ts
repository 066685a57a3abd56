import { createHmac } from 'node:crypto';
import type { Confidence, Severity } from '../finding/finding.ts';
import type { RawHit } from './raw-hit.ts';
import { DEMOTED, type Verdict } from './rule.ts';

/** Where a credential was found, together with what the caller knows of the place. */
export interface Occurrence<Place> {
  readonly place: Place;
  readonly hit: RawHit;
}

/** One credential, wherever it stands. The value itself is not in here: only its length and a keyed fingerprint. */
export interface SecretFinding<Place> {
  /** Stable over runs and over images with the same content, under the same key. */
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly verdict: Verdict;
  readonly reason: string | null;
  /** True where the verdict demotes: shown on request only. */
  readonly demoted: boolean;
  /** HMAC-SHA-256 of the value under the caller's key, 32 hexadecimal digits. */
  readonly fingerprint: string;
  /** The value covered: see {@link redact}. */
  readonly redacted: string;
  readonly details: Readonly<Record<string, string>>;
  /** In the order in which they were given. */
  readonly occurrences: readonly Occurrence<Place>[];
}

const FINGERPRINT_DIGITS = 32;
const ID_DIGITS = 16;
const MOST_STARS = 8;

/**
 * A name for a value that says nothing about it to those without the key.
 * @param key at least 16 bytes; the same key gives the same fingerprints
 * @param value the credential's bytes, decoded
 */
export function fingerprint(key: Uint8Array, value: Uint8Array): string {
  return createHmac('sha256', key).update(value).digest('hex').slice(0, FINGERPRINT_DIGITS);
}

/** The mask of a value: stars alone, and its length in bytes, as `********(40)`. Not one character shows. */
export function redact(value: Uint8Array): string {
  return `${'*'.repeat(Math.min(MOST_STARS, value.length))}(${value.length})`;
}

const SURE: Readonly<Record<Confidence, number>> = { high: 0, medium: 1, low: 2 };
const SEVERE: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 };

/**
 * Makes one finding of all places at which the same value stands. The most telling hit names it: one
 * that is not demoted, of the more specific rule, the surer, the more severe; then the first.
 * @param key see {@link fingerprint}
 * @param occurrences in a stable order, so that equal ones choose the same name each run
 * @returns findings in the order of their first occurrence
 */
export function groupHits<Place>(
  key: Uint8Array,
  occurrences: Iterable<Occurrence<Place>>,
): SecretFinding<Place>[] {
  const groups = new Map<string, Occurrence<Place>[]>();
  for (const occurrence of occurrences) {
    const print = fingerprint(key, occurrence.hit.value);
    const group = groups.get(print);
    if (group === undefined) groups.set(print, [occurrence]);
    else group.push(occurrence);
  }
  return Array.from(groups, ([print, group]) => {
    const { hit } = group.reduce((best, next) => (moreTelling(next.hit, best.hit) ? next : best));
    return {
      id: `secret-${print.slice(0, ID_DIGITS)}`,
      rule: hit.rule,
      title: hit.title,
      severity: hit.severity,
      confidence: hit.confidence,
      verdict: hit.verdict,
      reason: hit.reason,
      demoted: DEMOTED.has(hit.verdict),
      fingerprint: print,
      redacted: redact(hit.value),
      details: hit.details,
      occurrences: group,
    };
  });
}

/** True for a finding that is shown without being asked for: not demoted, and more than a guess. */
export function isLoud(finding: Pick<SecretFinding<unknown>, 'demoted' | 'confidence'>): boolean {
  return !finding.demoted && finding.confidence !== 'low';
}

function moreTelling(a: RawHit, b: RawHit): boolean {
  const rank = (hit: RawHit): readonly number[] => [
    DEMOTED.has(hit.verdict) ? 1 : 0,
    hit.tier,
    SURE[hit.confidence],
    SEVERE[hit.severity],
  ];
  const [left, right] = [rank(a), rank(b)];
  const differs = left.findIndex((value, index) => value !== right[index]);
  return differs >= 0 && left[differs]! < right[differs]!;
}
