import { crc32 } from 'node:zlib';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** CRC-32 of a token's body in base 62, six characters, padded with zeros: how GitHub and npm end theirs. */
export function base62Checksum(body: string): string {
  let rest = crc32(body);
  let out = '';
  for (let i = 0; i < 6; i++) {
    out = BASE62.charAt(rest % 62) + out;
    rest = Math.floor(rest / 62);
  }
  return out;
}

/** CRC-32 in base 36, seven characters: how GitLab ends its routable tokens. */
export function base36Checksum(body: string): string {
  return crc32(body).toString(36).padStart(7, '0');
}
