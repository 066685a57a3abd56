import { entropy } from '../entropy.ts';
import { base58CheckValid } from './base58.ts';
import { bech32Valid } from './bech32.ts';
import type { Judgement, Validator } from './candidate.ts';
import { PATTERN_ONLY } from './candidate.ts';
import { base36Checksum, base62Checksum } from './crc32.ts';

/** Validators of tokens that can be checked by themselves: by a checksum, an account or a payload. */

function checked(valid: boolean, what: string): Judgement {
  return valid
    ? { verdict: 'checksum-valid' }
    : { verdict: 'checksum-fails', reason: `${what} mismatch: mistyped, truncated or made up` };
}

/**
 * Validates classic GitHub tokens and npm tokens: the last six characters are the CRC-32 of the 30 before.
 */
export const crc32Base62: Validator = ({ value }) => {
  const body = value.slice(value.indexOf('_') + 1);
  return checked(base62Checksum(body.slice(0, -6)) === body.slice(-6), 'checksum');
};

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const MAX_ACCOUNT = 999_999_999_999n;

/** Returns the account in an AWS key id, 12 digits; null for ids made before 2019, which contain none. */
export function awsAccount(id: string): string | null {
  let bits = 0n;
  for (const letter of id.slice(4, 14)) bits = bits * 32n + BigInt(BASE32.indexOf(letter));
  const sixBytes = bits >> 2n;
  if (sixBytes >> 47n === 0n) return null;
  const account = (sixBytes & 0x7fffffffff80n) >> 7n;
  return account > MAX_ACCOUNT ? null : String(account).padStart(12, '0');
}

export const awsKeyId: Validator = ({ value }) => {
  // About 4 % of random ids have no digit, so a digit check would reject real ones; low entropy rejects
  // placeholders.
  if (entropy(value.slice(4)) < 2.5)
    return { verdict: 'placeholder', reason: 'too few different characters' };
  const account = awsAccount(value);
  if (account === null) return PATTERN_ONLY;
  return { verdict: 'structure-valid', details: { account } };
};

export const awsSecret: Validator = ({ value }) => {
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9]/.test(value);
  if (!mixed || entropy(value) < 3.5) {
    return { verdict: 'placeholder', reason: 'too regular to be generated' };
  }
  return { verdict: 'structure-valid' };
};

/**
 * Validates prefix, payload, optionally `.01`, the payload's length in base 36, and the CRC-32 of all that in
 * base 36.
 */
export const gitlabRoutable: Validator = ({ value }) => {
  const dot = value.indexOf('.');
  const body = value.slice(value.indexOf('-') + 1, dot).replace(/^t\d_/, '');
  const length = Number.parseInt(value.slice(-9, -7), 36);
  const payload = Buffer.from(body, 'base64url').toString('latin1');
  const fits = length === body.length && base36Checksum(value.slice(0, -7)) === value.slice(-7);
  if (!fits) return checked(false, 'checksum');
  const organization = /(?:^|\n)o:([0-9a-z]+)/.exec(payload)?.[1];
  return {
    verdict: 'checksum-valid',
    ...(organization === undefined
      ? {}
      : { details: { organization: String(Number.parseInt(organization, 36)) } }),
  };
};

export const bech32: Validator = ({ value }) => checked(bech32Valid(value), 'bech32 checksum');

export const base58: Validator = ({ value }) => checked(base58CheckValid(value), 'base 58 checksum');

/** Validates a macaroon: its version, then its location, which is the host of the package index. */
export const macaroon: Validator = ({ value }) => {
  const bytes = Buffer.from(value.slice('pypi-'.length), 'base64url');
  const length = bytes[2] ?? 0;
  const location = bytes.toString('latin1', 3, 3 + length);
  const identifierAt = 3 + length;
  const framed = bytes[0] === 2 && bytes[1] === 1 && bytes[identifierAt] === 2 && bytes.length > length + 20;
  if (!framed || !/^(?:test\.)?pypi\.org$/.test(location)) return checked(false, 'format');
  return { verdict: 'structure-valid', details: { index: location } };
};

/** Validates a token that ends with JSON in base64. */
export const jsonInside: Validator = ({ value }) => {
  const text = Buffer.from(value.slice(value.indexOf('eyJ')), 'base64').toString('utf8');
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return { verdict: 'structure-valid' };
  } catch {
    // Reported below.
  }
  return { verdict: 'checksum-fails', reason: 'invalid JSON inside: truncated or made up' };
};
