import { createHash } from 'node:crypto';

/** Facts that the body of an OpenSSH private key reveals without its passphrase. */
export interface OpensshFacts {
  readonly encrypted: boolean;
  readonly details: Record<string, string>;
}

const MAGIC = Buffer.from('openssh-key-v1\0');

/** Reads the length-prefixed strings of OpenSSH's PROTOCOL.key; throws RangeError at the end of the bytes. */
class Reader {
  readonly #bytes: Buffer;
  #at = MAGIC.length;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  number(): number {
    this.#at += 4;
    return this.#bytes.readUInt32BE(this.#at - 4);
  }

  string(): Buffer {
    const length = this.number();
    if (this.#at + length > this.#bytes.length) throw new RangeError('beyond the end');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/**
 * Returns the cipher and the public key, with the fingerprint that `ssh-keygen -l` prints.
 * @returns null if the bytes are not an OpenSSH private key
 */
export function opensshFacts(bytes: Buffer): OpensshFacts | null {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  try {
    const reader = new Reader(bytes);
    const cipher = reader.string().toString('latin1');
    reader.string();
    reader.string();
    if (reader.number() < 1) return null;
    const blob = reader.string();
    const secret = reader.string();
    const type = blob.toString('latin1', 4, 4 + blob.readUInt32BE(0));
    // Without a passphrase the two check numbers are equal (PROTOCOL.key §3).
    if (cipher === 'none' && secret.readUInt32BE(0) !== secret.readUInt32BE(4)) return null;
    const print = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
    return {
      encrypted: cipher !== 'none',
      details: { key: type, publicKey: `SHA256:${print}`, ...(cipher === 'none' ? {} : { cipher }) },
    };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
