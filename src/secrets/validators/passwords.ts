import { isUtf8 } from 'node:buffer';
import { texture } from '../entropy.ts';
import { knownExampleReason, placeholderReason, reservedHost } from '../placeholders.ts';
import { type Judgement, PATTERN_ONLY, type Validator } from './candidate.ts';

/** Checks of what people choose or write: passwords in addresses, headers and assignments. */

/** The judgement on a known example or a placeholder; null where the value may be real. */
export function demotion(value: string): Judgement | null {
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

/** How sure a password's look makes it: chance speaks for a real one. */
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

/** `scheme://user:password@host`: not where the host is reserved or the password stands for one. */
export const urlPassword: Validator = ({ value, whole }) => {
  const host = whole.slice(whole.lastIndexOf('@') + 1);
  const [scheme = ''] = whole.split(':', 1);
  const user = percentDecoded(/:\/\/([^:]*):/.exec(whole)?.[1] ?? '');
  const password = percentDecoded(value);
  const details = { scheme: scheme.toLowerCase(), user, host };
  const demoted = demotion(password);
  if (demoted !== null) return { ...demoted, details };
  if (reservedHost(host))
    return { verdict: 'known-example', reason: `the host ${host} is one of documentation`, details };
  if (password === user) return { verdict: 'placeholder', reason: 'the same as the user', details };
  if (/^\d{1,5}$/.test(password)) return { verdict: 'placeholder', reason: 'a short number', details };
  return { ...byTexture(password), value: password, details };
};

/** `user:password` as a data source name, curl and chpasswd take it; the value is the password. */
export const dsnPassword: Validator = ({ value, whole }) => {
  const user =
    /([A-Za-z0-9._@+-]+):[^:]*$/.exec(whole.slice(0, whole.indexOf(value) + value.length))?.[1] ?? '';
  const demoted = demotion(value);
  if (demoted !== null) return { ...demoted, details: { user } };
  if (value === user) return { verdict: 'placeholder', reason: 'the same as the user', details: { user } };
  return { ...byTexture(value), details: { user } };
};

/** The decoded text of a base64 value; null where it is not printable text. */
export function printableBase64(value: string): string | null {
  if (value.replace(/=+$/, '').length % 4 === 1) return null;
  const bytes = Buffer.from(value, 'base64');
  if (!isUtf8(bytes)) return null;
  const text = bytes.toString('utf8');
  return /^[\x20-\x7e\u00a0-\uffff]+$/.test(text) ? text : null;
}

/** base64 of `user:password` (RFC 7617 §2); anything else is a word after "Basic". */
export const basicAuth: Validator = ({ value }) => {
  const text = printableBase64(value);
  const colon = text?.indexOf(':') ?? -1;
  if (text === null || colon < 1) return null;
  const user = text.slice(0, colon);
  const password = text.slice(colon + 1);
  const details = { user };
  const demoted = demotion(password);
  if (demoted !== null) return { ...demoted, details };
  // The pairs of RFC 7617, of RFC 6749 (2.3.1), and of half the documentation of the web.
  if (/^(?:aladdin|s6BhdRkqt3)$/i.test(user) || password === user) {
    return { verdict: 'known-example', reason: 'a pair that documentation uses', details };
  }
  return { ...byTexture(password), verdict: 'structure-valid', value: password, details };
};

/** base64 of a password, or of a pair; what does not decode is taken as it stands. */
export const base64Text: Validator = (candidate) => {
  const pair = basicAuth(candidate);
  if (pair !== null) return pair;
  const text = printableBase64(candidate.value) ?? candidate.value;
  return demotion(text) ?? { ...byTexture(text), value: text };
};

/** A token without a checksum: anything but a placeholder. */
export const random: Validator = ({ value, rule }) => {
  // What a token begins with says nothing; the bearer tokens of X begin with twenty As.
  const body = value.replace(/^(?:[A-Za-z]{2,12}[-_.]|A{16,})/, '');
  const demoted = demotion(body);
  if (demoted !== null) return demoted;
  if (/^[0-9a-f-]+$/i.test(body) && /^(?:[0-9-]+|[a-f-]+)$/i.test(body) && body.length < 32) {
    return { verdict: 'placeholder', reason: 'too regular for a generated value' };
  }
  if (texture(body.replaceAll(/[-_./+=]/g, '')) === 'words' && rule.confidence !== 'high') {
    return { verdict: 'placeholder', reason: 'reads as words' };
  }
  return PATTERN_ONLY;
};

/** A hash of crypt(5) or one of its kin: not a password, but one that can be guessed offline. */
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
  if (/^(.)\1*$/.test(rest)) return { verdict: 'placeholder', reason: 'one character over and over' };
  return { verdict: 'structure-valid', details: { method: name } };
};
