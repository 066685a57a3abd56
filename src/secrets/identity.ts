import { createHmac } from 'node:crypto';
import type { Where } from '../finding/finding.ts';
import { texture } from './entropy.ts';

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
const LONG = 200;

/** The two names of a credential. */
export interface Identity {
  readonly id: string;
  readonly fingerprint: string;
}

/** True for a value that cannot be found by trying: long and random, or the body of a key. */
export function isUnguessable(value: Uint8Array): boolean {
  if (value.length >= LONG) return true;
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
  const strong = isUnguessable(value);
  const digest = createHmac('sha256', KEY)
    .update(strong ? 'value\0' : `place\0${placeKey(rule, place)}\0${turn}`)
    .update(strong ? value : '')
    .digest('hex');
  const fingerprint = digest.slice(0, FINGERPRINT_DIGITS);
  return { id: `secret-${fingerprint.slice(0, ID_DIGITS)}`, fingerprint };
}

/** What makes two places the same across builds of an image. Lines move: they are not part of it. */
export function placeKey(rule: string, { surface, path, key, inside }: Where): string {
  return [rule, surface, path ?? '', key ?? '', ...inside].join('\0');
}
