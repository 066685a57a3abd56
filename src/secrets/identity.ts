import { createHmac } from 'node:crypto';
import type { Where } from '../finding/where.ts';
import { texture } from './entropy.ts';
import { bytesIssued } from './rules/distinctive-format.ts';

/*
 * Identifiers for credentials that are safe to publish in a report. A hash of a password, even under a key
 * that ships with this program, lets anyone who has the report try passwords until one matches. So only a
 * value that nobody can guess (long and random, such as a token or a key) is identified by its own hash. Any
 * other value is identified by its place: rule, surface, path, key, and its index among the different values
 * there.
 */

/** Not secret: it only separates these hashes from other hashes of the same values. */
const KEY = 'exhume secret identity 1';
const FINGERPRINT_DIGITS = 32;
const ID_DIGITS = 16;
/** A random text of this length has at least 64 bits of entropy. */
const UNGUESSABLE = 20;
/** A value of at least this many bytes is treated as a key, whatever it looks like. */
export const KEY_LENGTH = 200;
/** Maximum number of places of an earlier finding to try; the first is nearly always right. */
const MAX_PLACES = 50;

/** The two identifiers of a credential. */
export interface Identity {
  readonly id: string;
  readonly fingerprint: string;
}

/**
 * Reports whether a value cannot be guessed: it is long and random, the body of a key, or a token whose
 * issuer chose enough of it at random. The format of such a token says more than how random it looks: one
 * random text in three contains letters that could be words.
 * @param rule id of the rule that found the value
 */
function isUnguessable(rule: string, value: Uint8Array): boolean {
  if (value.length >= KEY_LENGTH) return true;
  if ((bytesIssued(rule, value) ?? 0) >= UNGUESSABLE) return true;
  const text = Buffer.from(value).toString('latin1');
  if (/[^\x20-\x7e]/.test(text)) return value.length >= UNGUESSABLE;
  return value.length >= UNGUESSABLE && texture(text) === 'random' && new Set(text).size >= 10;
}

/**
 * Returns the identifiers of a credential.
 * @param value its decoded bytes
 * @param place its first occurrence
 * @param turn number of other values of the same rule found earlier at the same place: 0 for the first
 */
export function identityOf(rule: string, value: Uint8Array, place: Where, turn: number): Identity {
  const strong = isUnguessable(rule, value);
  const fingerprint = strong ? valueFingerprint(value) : placeFingerprint(rule, place, turn);
  return { id: `secret-${fingerprint.slice(0, ID_DIGITS)}`, fingerprint };
}

/**
 * Returns the fingerprint of a value that cannot be guessed. It does not depend on the place of the value.
 */
export function valueFingerprint(value: Uint8Array): string {
  return named('value\0', value);
}

function placeFingerprint(rule: string, place: Where, turn: number): string {
  return named(`place\0${placeKey(rule, place)}\0${turn}`, '');
}

function named(what: string, value: Uint8Array | string): string {
  return createHmac('sha256', KEY).update(what).update(value).digest('hex').slice(0, FINGERPRINT_DIGITS);
}

/**
 * Reports whether the fingerprint of a finding was made from its place, and so says nothing about the value.
 * @param places of its occurrences; an earlier report does not say which of them came first
 * @param findings number of findings of the rule in the report: at most this many are at one place
 */
export function isNamedByPlace(
  { fingerprint, rule }: { readonly fingerprint: string; readonly rule: string },
  places: readonly Where[],
  findings: number,
): boolean {
  return places
    .slice(0, MAX_PLACES)
    .some((place) =>
      Array.from({ length: findings }, (_, turn) => turn).some(
        (turn) => placeFingerprint(rule, place, turn) === fingerprint,
      ),
    );
}

/**
 * Returns a key that is equal for the same place in two builds of an image. Line numbers change between
 * builds and are not part of it.
 */
export function placeKey(rule: string, { surface, path, key, inside }: Where): string {
  return [rule, surface, path ?? '', key ?? '', ...inside].join('\0');
}
