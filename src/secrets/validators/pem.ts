import type { KeyObject } from 'node:crypto';
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { opensshFacts } from './openssh.ts';
import type { Judgement, Validator } from './candidate.ts';

/**
 * The text between BEGIN and END, without any wrapping: other line ends, quotes, a JSON string, one long
 * line.
 */
interface Armor {
  readonly label: string;
  /** Headers such as `Proc-Type` (RFC 1421). */
  readonly headers: readonly string[];
  readonly body: string;
  /** Number of characters from the start of BEGIN to the end of END. */
  readonly length: number;
}

const KEY_WINDOW = 8100;
const DASHES = '-----';

/** Returns the armor at the start of a text; null if END is missing. */
export function readArmor(text: string, dashes = DASHES): Armor | null {
  const label = text
    .slice(dashes.length, text.indexOf(dashes, dashes.length))
    .replace(/^ ?BEGIN /, '')
    .trim();
  const close = text.indexOf(`END ${label}`);
  if (label === '' || close < 0) return null;
  const start = text.indexOf(dashes, dashes.length) + dashes.length;
  const inner = text.slice(start, close).replace(/-{4,5} ?$/, '');
  const headers: string[] = [];
  const body: string[] = [];
  for (const raw of inner.replaceAll(/\\+[nrt]/g, '\n').split(/[\r\n]+/)) {
    const line = raw.replace(/^[\s"'`,>#*|]+/, '').replace(/[\s"'`,;\\]+$|["'`]\s*\+\s*$/g, '');
    if (/^[A-Za-z-]{3,30}:/.test(line)) headers.push(line);
    else body.push(line.replaceAll(/\s/g, ''));
  }
  const end = close + `END ${label}`.length;
  const tail = text.slice(end, end + 6).startsWith(dashes) ? dashes.length : 0;
  return { label, headers, body: body.join(''), length: end + tail };
}

/**
 * Returns the SHA-256 of the public key as SPKI, in hexadecimal digits, as printed by `openssl pkey -pubout
 * -outform der | sha256sum`.
 */
export function publicFingerprint(key: KeyObject): string {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return `sha256:${createHash('sha256').update(spki).digest('hex')}`;
}

function describe(key: KeyObject): Record<string, string> {
  const size = key.asymmetricKeyDetails?.modulusLength;
  const curve = key.asymmetricKeyDetails?.namedCurve;
  const type = [key.asymmetricKeyType ?? 'unknown', size ?? curve ?? ''].join(' ').trim();
  return { key: type, publicKey: publicFingerprint(key) };
}

const FORMS: Readonly<Record<string, 'pkcs8' | 'pkcs1' | 'sec1'>> = {
  'PRIVATE KEY': 'pkcs8',
  'RSA PRIVATE KEY': 'pkcs1',
  'EC PRIVATE KEY': 'sec1',
};

function parse(armor: Armor, der: Buffer): KeyObject | null {
  const type = FORMS[armor.label];
  if (type === undefined) return null;
  return parsePrivateKey({ key: der, format: 'der', type });
}

/**
 * Parses a private key; null if OpenSSL rejects it. It reports that with many kinds of errors, so all are
 * caught.
 */
export function parsePrivateKey(input: Parameters<typeof createPrivateKey>[0]): KeyObject | null {
  try {
    return createPrivateKey(input);
  } catch {
    return null;
  }
}

/** Reports whether the bytes are one ASN.1 SEQUENCE of exactly the encoded length (X.690 §8.1.3). */
function isSequence(der: Buffer): boolean {
  if (der[0] !== 0x30 || der.length < 16) return false;
  const first = der[1]!;
  if (first < 0x80) return der.length === 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4) return false;
  return der.length === 2 + count + der.readUIntBE(2, count);
}

function encrypted(facts: Record<string, string> = {}): Judgement {
  return {
    verdict: 'structure-valid',
    severity: 'medium',
    reason: 'protected by a passphrase',
    details: { ...facts, encrypted: 'yes' },
  };
}

function judge(armor: Armor): Judgement {
  if (armor.label.startsWith('OpenVPN')) {
    return /^[0-9a-f]{512}$/.test(armor.body)
      ? { verdict: 'structure-valid' }
      : { verdict: 'checksum-fails', reason: 'not a 2048-bit key' };
  }
  if (!/^[A-Za-z0-9+/]{40,}={0,2}$/.test(armor.body)) {
    return armor.body.length < 40
      ? { verdict: 'placeholder', reason: 'no key between BEGIN and END' }
      : { verdict: 'checksum-fails', reason: 'key is not base64' };
  }
  const der = Buffer.from(armor.body, 'base64');
  if (armor.label.startsWith('OPENSSH')) {
    const facts = opensshFacts(der);
    if (facts === null) return { verdict: 'checksum-fails', reason: 'invalid OpenSSH key' };
    return facts.encrypted
      ? encrypted(facts.details)
      : { verdict: 'structure-valid', details: facts.details };
  }
  const cipher = armor.headers.some((line) => /^Proc-Type:.*ENCRYPTED|^DEK-Info:/i.test(line));
  if (cipher || /ENCRYPTED (?:SIGSTORE|COSIGN)/.test(armor.label)) return encrypted();
  if (armor.label.startsWith('ENCRYPTED')) {
    return isSequence(der) ? encrypted() : { verdict: 'checksum-fails', reason: 'invalid key' };
  }
  const key = parse(armor, der);
  if (key !== null) return { verdict: 'structure-valid', details: describe(key) };
  // Node does not parse every kind of key; for the others only the length of the outer sequence can be
  // checked.
  if (FORMS[armor.label] === undefined) {
    if (isSequence(der)) return { verdict: 'structure-valid' };
    if (!armor.label.startsWith('DSA')) return { verdict: 'pattern-only' };
  }
  return { verdict: 'checksum-fails', reason: 'invalid key' };
}

/** Validates a kind of key of which only the armor can be checked. */
function judgeUnread(armor: Armor): Judgement {
  if (/^[A-Za-z0-9+/]{40,}={0,2}$/.test(armor.body)) return { verdict: 'pattern-only' };
  return { verdict: 'placeholder', reason: 'no key between BEGIN and END' };
}

/** Number of characters after BEGIN that must look like a key if END is out of reach. */
const SAMPLE = 1000;

/** Returns the judgement on a key whose END is missing or out of reach. */
export function withoutEnd(text: string): Judgement {
  const sample = text.slice(text.indexOf(DASHES, DASHES.length) + DASHES.length).slice(0, SAMPLE);
  return sample.length === SAMPLE && /^[A-Za-z0-9+/=:,.\s\\-]+$/.test(sample)
    ? { verdict: 'pattern-only', reason: 'END is too far away to be checked' }
    : { verdict: 'placeholder', reason: 'BEGIN without END' };
}

/**
 * Validates a private key between BEGIN and END. It is suppressed if its body does not parse: test files
 * contain many such keys.
 */
export const privateKey: Validator = (candidate) => {
  const text = candidate.from(KEY_WINDOW);
  const ssh2 = text.startsWith('---- ');
  const armor = readArmor(text, ssh2 ? '----' : DASHES);
  if (armor === null) {
    return withoutEnd(text);
  }
  const span = { start: 0, end: armor.length };
  const judged = ssh2 ? judgeUnread(armor) : judge(armor);
  // The same key may be wrapped differently elsewhere, so its body is its value.
  return { ...judged, span, ...(armor.body === '' ? {} : { value: armor.body }) };
};
