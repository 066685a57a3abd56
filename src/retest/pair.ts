import type { Finding } from '../finding/finding.ts';
import type { Where } from '../finding/where.ts';
import { isNamedByPlace } from '../secrets/identity.ts';
import type { EarlierValue } from '../secrets/scan/search-values.ts';
import type { EarlierFinding, EarlierReport } from './read-report.ts';

/** Containers of bytes, not places: a value that is encoded now is still in the same file. */
const ENCODINGS: ReadonlySet<string> = new Set(['gzip', 'zstd', 'base64', 'utf-16']);

/** Returns a place without what moves when an image is built again: layer, line, number of the history entry. */
export function placeOf({ inside, key, path, surface }: Where): string {
  return JSON.stringify([
    surface,
    surface === 'archive' || surface === 'attestation' ? null : path,
    key,
    inside.filter((step) => !ENCODINGS.has(step)),
  ]);
}

/**
 * Finds each finding of an earlier report in the new image: by its id, which follows the value where the
 * value may be hashed and the place where it may not; else by rule, length and any place of the earlier
 * finding, since the id of a value that can be guessed follows the first of its places only.
 * @returns the new finding by the id of the earlier one; those that are not there are left out
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
 * Returns the fingerprint by which the value of an earlier finding can be searched for.
 * @param all findings of the earlier report
 * @returns null where the fingerprint is that of a place, or there is none
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

/** Returns the values of an earlier report that a search for their fingerprints can find. */
export function searchableValues(earlier: EarlierReport): EarlierValue[] {
  const { findings } = earlier;
  return findings.flatMap((finding) => {
    const { demoted, kind, rule, severity, title, valueLength } = finding;
    if (kind !== 'secret' || demoted !== null || valueLength === null) return [];
    const fingerprint = valueFingerprintOf(finding, findings);
    return fingerprint === null ? [] : [{ fingerprint, length: valueLength, rule, severity, title }];
  });
}
