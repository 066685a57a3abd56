import { createHmac, randomBytes } from 'node:crypto';
import { CONFIDENCES, type Finding, type Occurrence, SEVERITIES } from '../../finding/finding.ts';
import { remediationOf } from '../../finding/remediation.ts';
import { mostVisible } from '../../finding/state.ts';
import { identityOf, placeKey } from '../identity.ts';
import { maskOf } from '../mask/mask-text.ts';
import type { Masker } from '../mask/masker.ts';
import type { RawHit } from '../raw-hit.ts';
import { RULES } from '../rules/catalogue.ts';
import type { FoundSecret } from './found-secret.ts';

const REFERENCES: ReadonlyMap<string, readonly string[]> = new Map(
  RULES.map(({ id, references }) => [id, references]),
);

/**
 * Groups hits into findings: one for each value, with all its occurrences. The most specific hit names the
 * finding.
 * @param found hits of the rules: layers from the bottom up, then config surfaces
 * @param masker masks facts that contain another credential, such as a token that is the user of a URL
 * @param more `copies` are further occurrences of the values, which do not name a finding; `values` receives
 *   each value by the id of its finding, for an interactive reveal
 */
export function assembleFindings(
  found: readonly FoundSecret[],
  masker: Masker,
  more: {
    readonly copies?: readonly FoundSecret[];
    readonly values?: Map<string, Uint8Array> | undefined;
  } = {},
): Finding[] {
  // Group values by an HMAC under a per-run key.
  const key = randomBytes(32);
  const groups = new Map<string, FoundSecret[]>();
  for (const secret of [...found, ...(more.copies ?? [])]) {
    const print = createHmac('sha256', key).update(secret.hit.value).digest('latin1');
    const group = groups.get(print);
    if (group === undefined) groups.set(print, [secret]);
    else group.push(secret);
  }
  const turns = new Map<string, number>();
  return Array.from(groups.values(), (group) => {
    const finding = toFinding(group, turns, masker);
    more.values?.set(finding.id, group[0]!.hit.value);
    return finding;
  });
}

function toFinding(group: readonly FoundSecret[], turns: Map<string, number>, masker: Masker): Finding {
  const best = group.reduce((top, next) => (isMoreSpecific(next, top) ? next : top));
  const { hit } = best;
  const all = withoutKnown(group);
  const occurrences = distinct(all.map(({ occurrence }) => occurrence));
  const reported = all.filter(({ suppressed }) => (suppressed === null) === (best.suppressed === null));
  const shown = mostVisible(reported.map(({ occurrence }) => occurrence));
  const first = group[0]!.occurrence.where;
  const place = placeKey(hit.rule, first);
  const turn = turns.get(place) ?? 0;
  turns.set(place, turn + 1);
  const facts = {
    kind: 'secret',
    rule: hit.rule,
    title: hit.title,
    severity: hit.severity,
    confidence: hit.confidence,
    reason: reasonOf(hit),
    suppressed: best.suppressed,
    where: shown.where,
    occurrences,
    state: mostVisible(occurrences).state,
    origin: shown.origin,
    introducedBy: shown.introducedBy,
    removedBy: shown.removedBy,
    redacted: maskOf(hit.value.length),
    valueLength: hit.value.length,
    details: masker.maskAll(hit.details),
    references: REFERENCES.get(hit.rule) ?? [],
  } as const;
  return { ...identityOf(hit.rule, hit.value, first, turn), ...facts, remediation: remediationOf(facts) };
}

/** Removes the copies at places where a rule found the value itself, and sorts the rest by layer. */
function withoutKnown(group: readonly FoundSecret[]): readonly FoundSecret[] {
  if (!group.some(({ copy }) => copy === true)) return group;
  const known = new Map<string, (number | null)[]>();
  const placeOf = ({ occurrence }: FoundSecret): string =>
    JSON.stringify({ ...occurrence.where, line: null, offset: null });
  for (const secret of group) {
    // A hit that is suppressed as a guess is certain once its value is known.
    if (secret.copy === true || secret.suppressed !== null) continue;
    const place = placeOf(secret);
    known.set(place, [...(known.get(place) ?? []), secret.occurrence.where.offset]);
  }
  const isKnown = (secret: FoundSecret): boolean => {
    const { offset } = secret.occurrence.where;
    const near = (other: number | null): boolean =>
      other === null || offset === null || Math.abs(other - offset) < secret.hit.value.length;
    return known.get(placeOf(secret))?.some(near) === true;
  };
  return group
    .filter((secret) => secret.copy !== true || !isKnown(secret))
    .toSorted((a, b) => layerRank(a) - layerRank(b));
}

const LAST = Number.MAX_SAFE_INTEGER;

/** Sorts layers from the bottom up, then places outside of layers and the history. */
function layerRank({ occurrence: { where } }: FoundSecret): number {
  return where.surface === 'history' ? LAST : (where.layer ?? LAST);
}

/** Removes duplicate places, which two rules or readers may both report. */
function distinct(occurrences: readonly Occurrence[]): Occurrence[] {
  const seen = new Set<string>();
  return occurrences.filter(({ where }) => {
    const key = JSON.stringify(where);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function isMoreSpecific(a: FoundSecret, b: FoundSecret): boolean {
  const rank = ({ hit, suppressed }: FoundSecret): readonly number[] => [
    suppressed === null ? 0 : 1,
    hit.tier,
    CONFIDENCES.indexOf(hit.confidence),
    SEVERITIES.indexOf(hit.severity),
  ];
  const [left, right] = [rank(a), rank(b)];
  const differs = left.findIndex((value, index) => value !== right[index]);
  return differs >= 0 && left[differs]! < right[differs]!;
}

const VERDICTS: Readonly<Record<RawHit['verdict'], string>> = {
  'checksum-valid': 'checksum valid',
  'structure-valid': 'format valid',
  'pattern-only': 'pattern match',
  'checksum-fails': 'checksum mismatch',
  'known-example': 'known example',
  placeholder: 'placeholder',
  expired: 'expired',
};

function reasonOf({ verdict, reason }: RawHit): string {
  return reason ?? VERDICTS[verdict];
}
