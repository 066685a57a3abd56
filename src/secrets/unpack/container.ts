import { BLOCK, checksumHolds } from '../../tar/header.ts';

/** What can be opened to find more content in it. */
export type Container = 'gzip' | 'tar' | 'zip' | 'git-pack' | 'git-object';

/** First bytes that are enough to tell a container. */
export const CONTAINER_HEAD = BLOCK;

const LOOSE_OBJECT = /(?:^|\/)objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/;

/**
 * Tells a container by its first bytes; a loose git object, which is a bare zlib stream, by its path too.
 * @param head the first {@link CONTAINER_HEAD} bytes, or all there are
 * @returns null for any other content
 */
export function containerOf(head: Uint8Array, path: string | null): Container | null {
  const magic = Buffer.from(head.subarray(0, 4)).toString('latin1');
  // RFC 1952 §2.3.1: magic and the only method there is.
  if (magic.startsWith('\x1f\x8b\x08')) return 'gzip';
  if (magic === 'PK\x03\x04') return 'zip';
  if (magic === 'PACK') return 'git-pack';
  if (head[0] === 0x78 && path !== null && LOOSE_OBJECT.test(path)) return 'git-object';
  // Zeros have a checksum of their own that holds for no member.
  return head.length >= BLOCK && head[0] !== 0 && checksumHolds(head, 0) ? 'tar' : null;
}
