import type { Finding } from '../finding/finding.ts';
import type { Where } from '../finding/where.ts';
import { isNamedByPlace } from '../secrets/identity.ts';
import type { EarlierValue } from '../secrets/scan/search-values.ts';
import type { EarlierFinding, EarlierReport } from './read-report.ts';

/** Encodings that do not change the place of a value: an encoded value is still in the same file. */
const ENCODINGS: ReadonlySet<string> = new Set(['gzip', 'zstd', 'base64', 'utf-16']);

/** Returns a place without the parts that a rebuild changes: layer, line and history index. */
export function placeOf({ inside, key, path, surface }: Where): string {
  return JSON.stringify([
    surface,
    surface === 'archive' || surface === 'attestation' ? null : path,
    key,
    inside.filter((step) => !ENCODINGS.has(step)),
  ]);
}

/**
 * Finds each finding of an earlier report in the new image: by id, else by rule, length and place. An id is
 * derived from the value, or, for a value that can be guessed, only from the first of its places.
 * @returns new findings by the id of the earlier one; a finding without a match is left out
 */
export function pairFindings(
  earlier: readonly EarlierFinding[],
  now: readonly Finding[],
): ReadonlyMap<string, Finding> {
  const byId = new Map(now.map((finding) => [finding.id, finding]));
  const pairs = new Map<string, Finding>();
  for (const { id } of earlier) {
    const same = byId.get(id);
    if (same !== undefined) pairs.set(id, same);
  }
  const taken = new Set([...pairs.values()].map(({ id }) => id));
  for (const old of earlier) {
    if (old.kind !== 'secret' || pairs.has(old.id) || valueFingerprintOf(old, earlier) !== null) continue;
    const places = new Set(old.occurrences.map(({ where }) => placeOf(where)));
    const same = now.find(
      ({ id, kind, occurrences, rule, valueLength }) =>
        kind === 'secret' &&
        !taken.has(id) &&
        rule === old.rule &&
        valueLength === old.valueLength &&
        occurrences.some(({ where }) => places.has(placeOf(where))),
    );
    if (same === undefined) continue;
    pairs.set(old.id, same);
    taken.add(same.id);
  }
  return pairs;
}

/**
 * Returns the fingerprint of the value of an earlier finding, for a search.
 * @param all the findings of the earlier report
 * @returns null if the finding has no fingerprint, or only one of its place
 */
export function valueFingerprintOf(
  { fingerprint, occurrences, rule }: EarlierFinding,
  all: readonly EarlierFinding[],
): string | null {
  if (fingerprint === null) return null;
  const places = occurrences.map(({ where }) => where);
  const ofRule = all.filter((finding) => finding.rule === rule).length;
  return isNamedByPlace({ fingerprint, rule }, places, ofRule) ? null : fingerprint;
}

/** Returns the values of an earlier report that can be found by their fingerprint. */
export function searchableValues(earlier: EarlierReport): EarlierValue[] {
  const { findings } = earlier;
  return findings.flatMap((finding) => {
    const { suppressed, kind, rule, severity, title, valueLength } = finding;
    if (kind !== 'secret' || suppressed !== null || valueLength === null) return [];
    const fingerprint = valueFingerprintOf(finding, findings);
    return fingerprint === null ? [] : [{ fingerprint, length: valueLength, rule, severity, title }];
  });
}
