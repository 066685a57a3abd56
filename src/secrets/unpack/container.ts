import { BLOCK, checksumHolds } from '../../tar/header.ts';
import type { FileName } from '../readers/file-name.ts';

/**
 * Formats of files that contain other content. `program` is a script or executable, which may end with a zip
 * that it unpacks; only the end of the file shows that.
 */
export type Container = 'gzip' | 'zstd' | 'tar' | 'zip' | 'program' | 'git-pack' | 'git-object';

/** Number of leading bytes needed to recognize a container. */
export const CONTAINER_HEAD = BLOCK;

const LOOSE_OBJECT = /(?:^|\/)objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/;

const GZIP = 0x1f8b08;
/** RFC 8878 §3.1.1 and §3.1.2; the low digit of the first byte of a skippable frame is arbitrary. */
const ZSTD = 0x28b52ffd;
const ZSTD_SKIPPABLE = 0x502a4d18;
const ANY_DIGIT = 0x0f000000;
const ZIP = 0x504b0304;
const PACK = 0x5041434b;
const ZLIB_FIRST = 0x78;
/** `#!` and `MZ`. */
const PROGRAMS: ReadonlySet<number> = new Set([0x2321, 0x4d5a]);

/**
 * Recognizes a container by its first bytes. A loose git object is a bare zlib stream, so its path must match
 * as well.
 * @param head the first {@link CONTAINER_HEAD} bytes, or the whole file if it is shorter
 * @returns null for any other content
 */
export function containerOf(head: Uint8Array, name: FileName): Container | null {
  const magic = ((head[0]! << 24) | (head[1]! << 16) | (head[2]! << 8) | head[3]!) >>> 0;
  // RFC 1952 §2.3.1: the magic number and the only compression method.
  if (magic >>> 8 === GZIP) return 'gzip';
  if (magic === ZSTD || (magic & ~ANY_DIGIT) >>> 0 === ZSTD_SKIPPABLE) return 'zstd';
  if (magic === ZIP) return 'zip';
  if (magic === PACK) return 'git-pack';
  if (head[0] === ZLIB_FIRST && name.path !== null && LOOSE_OBJECT.test(name.path)) return 'git-object';
  if (PROGRAMS.has(magic >>> 16)) return 'program';
  // An all-zero block is not a header; skip its checksum.
  return head.length >= BLOCK && head[0] !== 0 && checksumHolds(head, 0) ? 'tar' : null;
}
