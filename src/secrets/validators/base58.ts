import { createHash } from 'node:crypto';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const CHECK_BYTES = 4;

function checksum(bytes: Uint8Array): Buffer {
  const once = createHash('sha256').update(bytes).digest();
  return createHash('sha256').update(once).digest().subarray(0, CHECK_BYTES);
}

/** Encodes bytes in base 58 with the four-byte checksum of Bitcoin's formats. */
export function base58Check(bytes: Uint8Array): string {
  const all = Buffer.concat([bytes, checksum(bytes)]);
  let number = BigInt(`0x${all.toString('hex')}`);
  let out = '';
  while (number > 0n) {
    out = ALPHABET.charAt(Number(number % 58n)) + out;
    number /= 58n;
  }
  return '1'.repeat(all.findIndex((byte) => byte !== 0)) + out;
}

/** Reports whether a text is base 58 with a valid checksum. */
export function base58CheckValid(text: string): boolean {
  let number = 0n;
  for (const char of text) {
    const digit = ALPHABET.indexOf(char);
    if (digit < 0) return false;
    number = number * 58n + BigInt(digit);
  }
  const hex = number.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  if (bytes.length <= CHECK_BYTES) return false;
  return checksum(bytes.subarray(0, -CHECK_BYTES)).equals(bytes.subarray(-CHECK_BYTES));
}
