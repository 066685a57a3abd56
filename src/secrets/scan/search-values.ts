import { texture } from '../entropy.ts';
import { valueFingerprint } from '../identity.ts';
import type { KnownHash, KnownText, ValueSearch } from '../match/value-search.ts';
import type { RawHit } from '../raw-hit.ts';
import { beginningsOf, hasOwnForm } from '../rules/own-form.ts';
import type { FoundSecret } from './found-secret.ts';

/** A shorter value is a part of other texts by chance. */
const SHORTEST = 8;
/** A longer one is a key with a form of its own, or no credential. */
const LONGEST = 4096;
/** An image with more values than this is a list of them. */
const MOST_VALUES = 1000;

/** A value of an earlier report, and what was said of it there. */
export interface EarlierValue extends Omit<KnownHash, 'begins'> {
  readonly rule: string;
  readonly title: string;
  readonly severity: RawHit['severity'];
}

/**
 * Chooses the values that are searched for in the whole image because a rule found them somewhere. Left out
 * are those that are suppressed, shorter than 8 bytes, or plain words. A token with a form of its own is searched
 * for too: the rules do not find it where letters or digits touch it.
 * @returns null where there are none
 */
export function copiesToFind(found: readonly FoundSecret[]): ValueSearch | null {
  const values = new Map<string, KnownText>();
  for (const { demoted, hit } of found) {
    const { length } = hit.value;
    if (demoted !== null || length < SHORTEST || length > LONGEST) continue;
    const text = latin1(hit.value);
    if (values.has(text) || values.size === MOST_VALUES || !/^[\x20-\x7e]+$/.test(text)) continue;
    const looks = texture(text);
    const ownForm = hasOwnForm(hit.rule);
    if (ownForm || looks !== 'words') values.set(text, { text, bounded: !ownForm && looks !== 'random' });
  }
  return values.size === 0 ? null : { by: 'text', values: [...values.values()] };
}

/** As {@link copiesToFind}, for values of an earlier report. */
export function earlierToFind(earlier: readonly EarlierValue[]): ValueSearch | null {
  const values = earlier
    .map(({ fingerprint, length, rule }) => ({ fingerprint, length, rule, begins: beginningsOf(rule) }))
    .filter(({ length }) => length >= SHORTEST && length <= LONGEST)
    // What has a form of its own and any beginning is left to the rules.
    .filter(({ begins, rule }) => begins.length > 0 || !hasOwnForm(rule))
    .map(({ begins, fingerprint, length }) => ({ begins, fingerprint, length }));
  return values.length === 0 ? null : { by: 'hash', values };
}

/**
 * Gives what a value search found the facts of the hits that named the values.
 * @param found by the search, at any place
 * @param known what the rules found
 */
export function namedCopies(
  found: readonly FoundSecret[],
  known: readonly FoundSecret[],
  earlier: readonly EarlierValue[],
): FoundSecret[] {
  const byValue = new Map<string, RawHit>();
  for (const { demoted, hit } of known) {
    const text = latin1(hit.value);
    if (demoted === null && !byValue.has(text)) byValue.set(text, hit);
  }
  const byHash = new Map(earlier.map((value) => [value.fingerprint, value]));
  return found.flatMap(({ hit, occurrence }) => {
    const facts = byValue.get(latin1(hit.value)) ?? earlierFacts(byHash.get(valueFingerprint(hit.value)));
    if (facts === undefined) return [];
    const { end, line, start, via, value } = hit;
    return [{ hit: { ...facts, end, line, start, via, value }, occurrence, demoted: null, copy: true }];
  });

  function earlierFacts(value: EarlierValue | undefined): Omit<RawHit, 'value'> | undefined {
    if (value === undefined) return undefined;
    const { rule, severity, title } = value;
    const reason = 'the same value as in the earlier report';
    return { ...UNKNOWN, rule, severity, title, reason };
  }
}

const UNKNOWN = {
  start: 0,
  end: 0,
  line: null,
  verdict: 'pattern-only',
  confidence: 'high',
  via: null,
  details: {},
  tier: 2,
} as const;

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
