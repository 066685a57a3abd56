import { isUtf8 } from 'node:buffer';
import { texture } from '../entropy.ts';
import { knownExampleReason, placeholderReason, reservedHost } from '../placeholders.ts';
import { type Judgement, PATTERN_ONLY, type Validator } from './candidate.ts';

/** Validators of passwords in URLs, headers and assignments. */

/** Returns the judgement on a known example or a placeholder; null if the value may be real. */
export function suppression(value: string): Judgement | null {
  const known = knownExampleReason(value);
  if (known !== null) return { verdict: 'known-example', reason: known };
  const reason = placeholderReason(value);
  return reason === null ? null : { verdict: 'placeholder', reason };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Derives the confidence in a password from its look: a random one is likely real. */
function byTexture(value: string): Judgement {
  switch (texture(value)) {
    case 'random':
      return { verdict: 'pattern-only', confidence: 'high' };
    case 'password':
      return { verdict: 'pattern-only', confidence: 'medium' };
    case 'words':
      return { verdict: 'pattern-only', confidence: 'low' };
  }
}

/**
 * Validates `scheme://user:password@host`. Suppressed if the host is reserved or the password is a
 * placeholder.
 */
export const urlPassword: Validator = ({ value, whole }) => {
  const host = whole.slice(whole.lastIndexOf('@') + 1);
  const [scheme = ''] = whole.split(':', 1);
  const user = percentDecoded(/:\/\/([^:]*):/.exec(whole)?.[1] ?? '');
  const password = percentDecoded(value);
  const details = { scheme: scheme.toLowerCase(), user, host };
  const suppressed = suppression(password);
  if (suppressed !== null) return { ...suppressed, details };
  if (reservedHost(host)) return { verdict: 'known-example', reason: `documentation host ${host}`, details };
  if (password === user) return { verdict: 'placeholder', reason: 'same as the user name', details };
  if (/^\d{1,5}$/.test(password)) return { verdict: 'placeholder', reason: 'a short number', details };
  return { ...byTexture(password), value: password, details };
};

/**
 * Validates `user:password` in a data source name or an argument of curl or chpasswd. The value is the
 * password.
 */
export const dsnPassword: Validator = ({ value, whole }) => {
  const user =
    /([A-Za-z0-9._@+-]+):[^:]*$/.exec(whole.slice(0, whole.indexOf(value) + value.length))?.[1] ?? '';
  const suppressed = suppression(value);
  if (suppressed !== null) return { ...suppressed, details: { user } };
  if (value === user) return { verdict: 'placeholder', reason: 'same as the user name', details: { user } };
  return { ...byTexture(value), details: { user } };
};

/** Returns the decoded text of a base64 value; null if it is not printable text. */
export function printableBase64(value: string): string | null {
  if (value.replace(/=+$/, '').length % 4 === 1) return null;
  const bytes = Buffer.from(value, 'base64');
  if (!isUtf8(bytes)) return null;
  const text = bytes.toString('utf8');
  return /^[\x20-\x7e\u00a0-\uffff]+$/.test(text) ? text : null;
}

/** Validates base64 of `user:password` (RFC 7617 §2); anything else is just a word after "Basic". */
export const basicAuth: Validator = ({ value }) => {
  const text = printableBase64(value);
  const colon = text?.indexOf(':') ?? -1;
  if (text === null || colon < 1) return null;
  const user = text.slice(0, colon);
  const password = text.slice(colon + 1);
  const details = { user };
  const suppressed = suppression(password);
  if (suppressed !== null) return { ...suppressed, details };
  // Examples of RFC 7617 and RFC 6749 §2.3.1, and pairs with equal parts, which are common in documentation.
  if (/^(?:aladdin|s6BhdRkqt3)$/i.test(user) || password === user) {
    return { verdict: 'known-example', reason: 'documentation example', details };
  }
  return { ...byTexture(password), verdict: 'structure-valid', value: password, details };
};

/** Validates base64 of a password or of a pair. A value that does not decode is taken as it is. */
export const base64Text: Validator = (candidate) => {
  const pair = basicAuth(candidate);
  if (pair !== null) return pair;
  const text = printableBase64(candidate.value) ?? candidate.value;
  return suppression(text) ?? { ...byTexture(text), value: text };
};

/** Validates a token without a checksum: anything but a placeholder. */
export const random: Validator = ({ value, rule }) => {
  // The prefix of a token says nothing about it. Bearer tokens of X begin with twenty As.
  const body = value.replace(/^(?:[A-Za-z]{2,12}[-_.]|A{16,})/, '');
  const suppressed = suppression(body);
  if (suppressed !== null) return suppressed;
  if (/^[0-9a-f-]+$/i.test(body) && /^(?:[0-9-]+|[a-f-]+)$/i.test(body) && body.length < 32) {
    return { verdict: 'placeholder', reason: 'too regular to be generated' };
  }
  if (texture(body.replaceAll(/[-_./+=]/g, '')) === 'words' && rule.confidence !== 'high') {
    return { verdict: 'placeholder', reason: 'consists of words' };
  }
  return PATTERN_ONLY;
};

/** Validates a hash of crypt(5) or a similar one: not a password, but it can be cracked offline. */
export const passwordHash: Validator = ({ value }) => {
  const method = /^\$?([a-z0-9_]+)/.exec(value)?.[1] ?? '';
  const names: Record<string, string> = {
    1: 'MD5',
    5: 'SHA-256',
    6: 'SHA-512',
    y: 'yescrypt',
    apr1: 'Apache MD5',
  };
  const name = names[method] ?? (method.startsWith('2') ? 'bcrypt' : method);
  const rest = value.slice(value.lastIndexOf('$') + 1);
  if (/^(.)\1*$/.test(rest)) return { verdict: 'placeholder', reason: 'one repeated character' };
  return { verdict: 'structure-valid', details: { method: name } };
};
