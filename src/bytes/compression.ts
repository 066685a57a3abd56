/** How a blob is compressed, as its first bytes show. Names and media types are never used. */
export type Compression = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'lz4';

/** Number of bytes that {@link detectCompression} needs. */
export const MAGIC_LENGTH = 6;

/**
 * Detects the compression from the first bytes of a blob.
 * gzip: RFC 1952 §2.3.1; zstd: RFC 8878 §3.1.1 and, for skippable frames, §3.1.2; xz: the .xz
 * file format §2.1.1.1.
 */
export function detectCompression(head: Uint8Array): Compression {
  const [a, b, c, d, e, f] = head;
  if (a === 0x1f && b === 0x8b) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  if (a !== undefined && (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18) return 'zstd';
  if (a === 0xfd && b === 0x37 && c === 0x7a && d === 0x58 && e === 0x5a && f === 0x00) return 'xz';
  if (a === 0x42 && b === 0x5a && c === 0x68) return 'bzip2';
  if (a === 0x04 && b === 0x22 && c === 0x4d && d === 0x18) return 'lz4';
  return 'none';
}
