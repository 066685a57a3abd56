import { crc32 } from 'node:zlib';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Returns the CRC-32 of a token's body in base 62, zero-padded to six characters, as at the end of GitHub and
 * npm tokens.
 */
export function base62Checksum(body: string): string {
  let rest = crc32(body);
  let out = '';
  for (let i = 0; i < 6; i++) {
    out = BASE62.charAt(rest % 62) + out;
    rest = Math.floor(rest / 62);
  }
  return out;
}

/** Returns the CRC-32 of a text in base 36, seven characters, as at the end of GitLab's routable tokens. */
export function base36Checksum(body: string): string {
  return crc32(body).toString(36).padStart(7, '0');
}
