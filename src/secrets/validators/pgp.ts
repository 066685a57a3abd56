import { createHash } from 'node:crypto';
import type { Validator } from './candidate.ts';
import { readArmor, withoutEnd } from './pem.ts';

const KEY_WINDOW = 8100;
const SECRET_KEY_TAG = 5;

/**
 * Number of MPIs in the public part, by algorithm (RFC 9580 §5.5.5). Other algorithms have more than MPIs
 * there.
 */
const PUBLIC_NUMBERS: Readonly<Record<number, number>> = { 1: 2, 2: 2, 3: 2, 16: 3, 17: 4 };
/** Algorithms whose public part is a curve's name and one MPI; ECDH adds its own parameters. */
const CURVES = new Set([18, 19, 22]);
const ECDH = 18;

/** Returns the CRC-24 of RFC 9580 §6.1.1. */
function crc24(bytes: Uint8Array): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return crc & 0xffffff;
}

/** Returns the first packet's tag and the offset of its body (RFC 9580 §4.2). */
function firstPacket(bytes: Buffer): { tag: number; start: number } | null {
  const head = bytes[0] ?? 0;
  if ((head & 0x80) === 0) return null;
  if ((head & 0x40) === 0) return { tag: (head >> 2) & 15, start: 1 + [1, 2, 4, 0][head & 3]! };
  const length = bytes[1] ?? 0;
  return { tag: head & 63, start: length < 192 ? 2 : length < 224 ? 3 : 6 };
}

/**
 * Returns the end of the public part of a version 4 key, relative to the packet's body; null if it cannot be
 * determined.
 */
function publicEnd(body: Buffer): number | null {
  const algorithm = body[5] ?? 0;
  let at = 6;
  const number = (): void => {
    at += 2 + Math.ceil(body.readUInt16BE(at) / 8);
  };
  try {
    if (CURVES.has(algorithm)) {
      at += 1 + body.readUInt8(at);
      number();
      if (algorithm === ECDH) at += 1 + body.readUInt8(at);
      return at;
    }
    const count = PUBLIC_NUMBERS[algorithm];
    if (count === undefined) return null;
    for (let i = 0; i < count; i++) number();
    return at;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Validates a PGP private key block: its first packet must be a secret key. The octet after the public part
 * says whether there is a passphrase.
 */
export const pgpKey: Validator = (candidate) => {
  const text = candidate.from(KEY_WINDOW);
  const armor = readArmor(text);
  if (armor === null) return withoutEnd(text);
  const span = { start: 0, end: armor.length };
  const check = /=([A-Za-z0-9+/]{4})$/.exec(armor.body);
  const base64 = check === null ? armor.body : armor.body.slice(0, check.index);
  const bytes = Buffer.from(base64, 'base64');
  const packet = firstPacket(bytes);
  if (bytes.length < 40 || packet?.tag !== SECRET_KEY_TAG) {
    return { verdict: 'checksum-fails', reason: 'first packet is not a secret key', span };
  }
  const right = check !== null && crc24(bytes) === Buffer.from(check[1]!, 'base64').readUIntBE(0, 3);
  if (check !== null && !right) {
    return { verdict: 'checksum-fails', reason: 'armor checksum mismatch', span };
  }
  const verdict = right ? 'checksum-valid' : 'structure-valid';
  const body = bytes.subarray(packet.start);
  const end = body[0] === 4 ? publicEnd(body) : null;
  if (end === null) return { verdict, span, value: base64 };
  const length = Buffer.alloc(2);
  length.writeUInt16BE(end);
  const print = createHash('sha1')
    .update(Buffer.from([0x99]))
    .update(length)
    .update(body.subarray(0, end));
  const details = { publicKey: print.digest('hex').toUpperCase() };
  if (body[end] === 0) return { verdict, span, value: base64, details };
  return {
    verdict,
    span,
    value: base64,
    severity: 'medium',
    reason: 'protected by a passphrase',
    details: { ...details, encrypted: 'yes' },
  };
};
