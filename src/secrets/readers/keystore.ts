import { createHash } from 'node:crypto';
import type { RawHit } from '../raw-hit.ts';

interface Kind {
  readonly rule: string;
  readonly title: string;
  readonly severity: RawHit['severity'];
  readonly confidence: RawHit['confidence'];
  readonly test: (head: Buffer) => boolean;
}

/** 1.2.840.113549.1.7.1, `data`: the content type in the outer layer of every PKCS #12 file (RFC 7292 §4). */
const PKCS7_DATA = Buffer.from('06092a864886f70d010701', 'hex');
const PRIVATE_ENTRY = 1;
const SECRET_ENTRY = 3;
const TRUSTED_ENTRY = 2;

function starts(...hex: readonly string[]) {
  const magics = hex.map((text) => Buffer.from(text, 'hex'));
  return (head: Buffer): boolean => magics.some((magic) => head.subarray(0, magic.length).equals(magic));
}

/**
 * Reports whether the bytes are a Java keystore with a key. One that contains only certificates is not a
 * secret.
 */
function javaWithKey(head: Buffer): boolean {
  if (!starts('feedfeed', 'cececece')(head)) return false;
  try {
    let at = 12;
    for (let left = head.readUInt32BE(8); left > 0; left--) {
      const tag = head.readUInt32BE(at);
      if (tag === PRIVATE_ENTRY || tag === SECRET_ENTRY) return true;
      if (tag !== TRUSTED_ENTRY) return false;
      at += 4;
      at += 2 + head.readUInt16BE(at) + 8;
      at += 2 + head.readUInt16BE(at);
      at += 4 + head.readUInt32BE(at);
    }
    return false;
  } catch (error) {
    // Truncated: only certificates so far.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function pkcs12(head: Buffer): boolean {
  if (head[0] !== 0x30) return false;
  const version = head.subarray(0, 8).indexOf(Buffer.from('020103', 'hex'));
  return version > 0 && head.subarray(0, 48).includes(PKCS7_DATA);
}

const KINDS: readonly Kind[] = [
  {
    rule: 'keystore-java',
    title: 'Java keystore with a key',
    severity: 'medium',
    confidence: 'high',
    test: javaWithKey,
  },
  {
    rule: 'keystore-pkcs12',
    title: 'PKCS #12 keystore',
    severity: 'medium',
    confidence: 'medium',
    test: pkcs12,
  },
  {
    rule: 'keystore-keepass',
    title: 'KeePass database',
    severity: 'high',
    confidence: 'high',
    test: starts('03d9a29a67fb4bb5', '03d9a29a65fb4bb5'),
  },
  {
    rule: 'keystore-gnupg',
    title: 'GnuPG private key',
    severity: 'high',
    confidence: 'high',
    test: (head) =>
      /^(?:\(\d\d:(?:protected-|shadowed-)?private-key|Created: [^\n]{0,40}\nKey: \((?:protected-)?private-key)/.test(
        head.toString('latin1', 0, 100),
      ),
  },
  {
    rule: 'keystore-luks',
    title: 'LUKS header',
    severity: 'medium',
    confidence: 'high',
    test: starts('4c554b53babe'),
  },
];

/** First bytes of the formats above. */
const FIRST_BYTES: ReadonlySet<number> = new Set([0x03, 0x28, 0x30, 0x43, 0x4c, 0xce, 0xfe]);

/** Reports whether a file may be a keystore, by its first byte. */
export function mayBeKeystore(head: Uint8Array): boolean {
  return FIRST_BYTES.has(head[0]!);
}

/** Number of leading bytes kept to recognize a keystore; a Java keystore needs up to all of them. */
export const KEYSTORE_HEAD = 64 * 1024;

/**
 * Recognizes a keystore by its content, whatever its name.
 * @param head at least the first 100 bytes of the file
 * @param identity a value that is equal for equal files, such as their SHA-256; the fingerprint is made from
 *   it
 */
export function readKeystore(head: Uint8Array, identity?: Uint8Array): RawHit[] {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const kind = KINDS.find(({ test }) => test(bytes));
  if (kind === undefined) return [];
  return [
    {
      rule: kind.rule,
      title: kind.title,
      start: 0,
      end: bytes.length,
      line: null,
      value: identity ?? createHash('sha256').update(bytes).digest(),
      verdict: 'structure-valid',
      reason: null,
      severity: kind.severity,
      confidence: kind.confidence,
      via: null,
      details: {},
      tier: 0,
    },
  ];
}
