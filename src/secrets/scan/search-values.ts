import { texture } from '../entropy.ts';
import { valueFingerprint } from '../identity.ts';
import type { KnownHash, KnownText, ValueSearch } from '../match/value-search.ts';
import type { RawHit } from '../raw-hit.ts';
import { prefixesOf, hasDistinctiveFormat } from '../rules/distinctive-format.ts';
import type { FoundSecret } from './found-secret.ts';

/** Shorter values occur in other texts by chance. */
const MIN_LENGTH = 8;
/** Longer values are keys with a distinctive format, or not credentials. */
const MAX_LENGTH = 4096;
/** An image with more values than this probably contains a list of them. */
const MAX_VALUES = 1000;

/** A value of an earlier report and its facts there. */
export interface EarlierValue extends Omit<KnownHash, 'prefixes'> {
  readonly rule: string;
  readonly title: string;
  readonly severity: RawHit['severity'];
}

/**
 * Chooses the found values to search for in the whole image. Leaves out values that are suppressed, shorter than
 * 8 bytes, or plain words. Tokens with a distinctive format are included: the rules do not find them next to
 * letters or digits.
 * @returns null if there are none
 */
export function copiesToFind(found: readonly FoundSecret[]): ValueSearch | null {
  const values = new Map<string, KnownText>();
  for (const { suppressed, hit } of found) {
    const { length } = hit.value;
    if (suppressed !== null || length < MIN_LENGTH || length > MAX_LENGTH) continue;
    const text = latin1(hit.value);
    if (values.has(text) || values.size === MAX_VALUES || !/^[\x20-\x7e]+$/.test(text)) continue;
    const looks = texture(text);
    const isDistinctive = hasDistinctiveFormat(hit.rule);
    if (isDistinctive || looks !== 'words')
      values.set(text, { text, bounded: !isDistinctive && looks !== 'random' });
  }
  return values.size === 0 ? null : { by: 'text', values: [...values.values()] };
}

/** Like {@link copiesToFind}, for values of an earlier report. */
export function earlierToFind(earlier: readonly EarlierValue[]): ValueSearch | null {
  const values = earlier
    .map(({ fingerprint, length, rule }) => ({ fingerprint, length, rule, prefixes: prefixesOf(rule) }))
    .filter(({ length }) => length >= MIN_LENGTH && length <= MAX_LENGTH)
    // A distinctive format without a fixed prefix is left to the rules.
    .filter(({ prefixes, rule }) => prefixes.length > 0 || !hasDistinctiveFormat(rule))
    .map(({ prefixes, fingerprint, length }) => ({ prefixes, fingerprint, length }));
  return values.length === 0 ? null : { by: 'hash', values };
}

/**
 * Gives the hits of a value search the facts of the original hits.
 * @param found hits of the value search
 * @param known hits of the rules
 */
export function namedCopies(
  found: readonly FoundSecret[],
  known: readonly FoundSecret[],
  earlier: readonly EarlierValue[],
): FoundSecret[] {
  const byValue = new Map<string, RawHit>();
  for (const { suppressed, hit } of known) {
    const text = latin1(hit.value);
    if (suppressed === null && !byValue.has(text)) byValue.set(text, hit);
  }
  const byHash = new Map(earlier.map((value) => [value.fingerprint, value]));
  return found.flatMap(({ hit, occurrence }) => {
    const facts = byValue.get(latin1(hit.value)) ?? earlierFacts(byHash.get(valueFingerprint(hit.value)));
    if (facts === undefined) return [];
    const { end, line, start, via, value } = hit;
    return [{ hit: { ...facts, end, line, start, via, value }, occurrence, suppressed: null, copy: true }];
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
