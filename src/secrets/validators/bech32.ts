/*
 * BIP 173: a human-readable part, the digit 1, data in groups of five bits, and a checksum of six characters.
 * The keys of age have this form, in upper case.
 */

const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function polymod(values: readonly number[]): number {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of GENERATORS.entries()) if (((top >>> bit) & 1) === 1) check ^= generator;
  }
  return check >>> 0;
}

function expand(label: string): number[] {
  const codes = Array.from(label, (char) => char.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

/** Reports whether a text has a valid bech32 checksum. The text must be all upper or all lower case. */
export function bech32Valid(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower !== text && text.toUpperCase() !== text) return false;
  const separator = lower.lastIndexOf('1');
  if (separator < 1) return false;
  const data = Array.from(lower.slice(separator + 1), (char) => CHARSET.indexOf(char));
  if (data.length < 6 || data.includes(-1)) return false;
  return polymod([...expand(lower.slice(0, separator)), ...data]) === 1;
}

/** Encodes bytes as bech32, in lower case. */
export function bech32Encode(label: string, bytes: Uint8Array): string {
  const data: number[] = [];
  let bits = 0;
  let rest = 0;
  for (const byte of bytes) {
    rest = (rest << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      data.push((rest >>> bits) & 31);
    }
    rest &= (1 << bits) - 1;
  }
  if (bits > 0) data.push((rest << (5 - bits)) & 31);
  const check = polymod([...expand(label), ...data, 0, 0, 0, 0, 0, 0]) ^ 1;
  const tail = [5, 4, 3, 2, 1, 0].map((place) => (check >>> (5 * place)) & 31);
  return `${label}1${[...data, ...tail].map((value) => CHARSET.charAt(value)).join('')}`;
}
