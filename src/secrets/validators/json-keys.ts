import type { webcrypto } from 'node:crypto';
import type { Validator } from './candidate.ts';
import { parsePrivateKey, publicFingerprint, readArmor } from './pem.ts';

const OBJECT_WINDOW = 6000;
const BEFORE = 3000;

/**
 * Returns the innermost JSON object around an offset, and its own offset; null if its braces are not
 * balanced.
 */
function objectAround(text: string, at: number): { text: string; start: number } | null {
  let depth = 0;
  let start = -1;
  for (let i = at; i >= 0 && start < 0; i--) {
    if (text[i] === '}') depth++;
    else if (text[i] === '{' && depth-- === 0) start = i;
  }
  if (start < 0) return null;
  depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return { text: text.slice(start, i + 1), start };
  }
  return null;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
}

/** Validates a JSON Web Key with its private part: `d`, or `k` of a symmetric key (RFC 7518 §6). */
export const jsonWebKey: Validator = (candidate) => {
  const before = candidate.before(BEFORE);
  const found = objectAround(before + candidate.from(OBJECT_WINDOW), before.length);
  const key = found === null ? null : parseObject(found.text);
  if (found === null || key === null) return null;
  const secret = key['kty'] === 'oct' ? key['k'] : key['d'];
  if (typeof secret !== 'string' || secret.length < 16) return null;
  const start = found.start - before.length;
  const where = { span: { start, end: start + found.text.length }, value: secret };
  if (key['kty'] === 'oct') return { verdict: 'pattern-only', severity: 'high', ...where };
  const parsed = parsePrivateKey({ key: key as webcrypto.JsonWebKey, format: 'jwk' });
  if (parsed === null) return { verdict: 'checksum-fails', reason: 'invalid key numbers', ...where };
  return { verdict: 'structure-valid', details: { publicKey: publicFingerprint(parsed) }, ...where };
};

/**
 * Validates the key file of a Google service account: its identifying fields and a private key that parses.
 */
export const serviceAccount: Validator = (candidate) => {
  const before = candidate.before(BEFORE);
  const text = before + candidate.from(OBJECT_WINDOW);
  const plain = text.replaceAll('\\"', '"');
  if (!/"type"\s{0,4}:\s{0,4}"service_account"/.test(plain)) return null;
  const account = /"client_email"\s{0,4}:\s{0,4}"([^"\s]{3,120})"/.exec(plain)?.[1];
  const details = account === undefined ? {} : { account };
  const begin = text.indexOf('-----BEGIN', Math.max(0, before.length - BEFORE));
  const armor = begin < 0 ? null : readArmor(text.slice(begin));
  if (armor === null) return { verdict: 'placeholder', reason: 'no private key in this file', details };
  const start = begin - before.length;
  const where = { span: { start, end: start + armor.length }, value: armor.body, details };
  const key = parsePrivateKey({ key: Buffer.from(armor.body, 'base64'), format: 'der', type: 'pkcs8' });
  if (key === null) return { verdict: 'checksum-fails', reason: 'invalid private key', ...where };
  return { verdict: 'structure-valid', ...where, details: { ...details, publicKey: publicFingerprint(key) } };
};
