import { createHmac } from 'node:crypto';
import type { Where } from '../finding/where.ts';
import { texture } from './entropy.ts';
import { bytesIssued } from './rules/own-form.ts';

/*
 * Names for credentials that a report may carry. A hash of a password, under whatever key this program
 * could bring along, lets everyone who has the report try passwords until one fits. So only a value that
 * nobody can try out (long and random, as tokens and keys are) is named by itself; any other is named by
 * its place: rule, surface, path, name, and which of the different values there it is.
 */

/** No secret: it only keeps these names apart from other hashes of the same values. */
const KEY = 'exhume secret identity 1';
const FINGERPRINT_DIGITS = 32;
const ID_DIGITS = 16;
/** A random text of so many characters holds at least 64 bits. */
const UNGUESSABLE = 20;
/** A value of so many bytes is a key, whatever it looks like. */
export const LONG = 200;
/** Places of an earlier finding that are tried: the first is nearly always right. */
const MOST_PLACES = 50;

/** The two names of a credential. */
export interface Identity {
  readonly id: string;
  readonly fingerprint: string;
}

/**
 * Reports whether nobody can find a value by trying: it is long and random, the body of a key, or a token of
 * which the issuer chose enough at random. The form of such a token says more than how random it looks:
 * one random text in three has letters that could be words.
 * @param rule id of the rule that found it
 */
function isUnguessable(rule: string, value: Uint8Array): boolean {
  if (value.length >= LONG) return true;
  if ((bytesIssued(rule, value) ?? 0) >= UNGUESSABLE) return true;
  const text = Buffer.from(value).toString('latin1');
  if (/[^\x20-\x7e]/.test(text)) return value.length >= UNGUESSABLE;
  return value.length >= UNGUESSABLE && texture(text) === 'random' && new Set(text).size >= 10;
}

/**
 * Names a credential.
 * @param value its bytes, decoded
 * @param place where it stands first
 * @param turn how many other values of the same rule stood at the same place before: 0 for the first
 */
export function identityOf(rule: string, value: Uint8Array, place: Where, turn: number): Identity {
  const strong = isUnguessable(rule, value);
  const fingerprint = strong ? valueFingerprint(value) : placeFingerprint(rule, place, turn);
  return { id: `secret-${fingerprint.slice(0, ID_DIGITS)}`, fingerprint };
}

/** Returns the fingerprint of a value that nobody can find by trying: the same wherever the value is. */
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
 * Reports whether the fingerprint of a finding is that of its place, so that it says nothing about the value.
 * @param places of its occurrences: which of them came first is not known of an earlier report
 * @param findings how many findings of the rule the report has: no more can be at one place
 */
export function isNamedByPlace(
  { fingerprint, rule }: { readonly fingerprint: string; readonly rule: string },
  places: readonly Where[],
  findings: number,
): boolean {
  return places
    .slice(0, MOST_PLACES)
    .some((place) =>
      Array.from({ length: findings }, (_, turn) => turn).some(
        (turn) => placeFingerprint(rule, place, turn) === fingerprint,
      ),
    );
}

/** What makes two places the same across builds of an image. Lines move: they are not part of it. */
export function placeKey(rule: string, { surface, path, key, inside }: Where): string {
  return [rule, surface, path ?? '', key ?? '', ...inside].join('\0');
}
