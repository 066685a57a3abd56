import * as zlib from 'node:zlib';
import { isSystemError } from '../../bytes/system-error.ts';
import { hasNativeZstd } from '../../bytes/zstd.ts';
import { ZstdFrames } from '../../bytes/zstd-frames.ts';
import { type Budget, MAX_UNPACKED } from './budget.ts';
import type { Coverage } from './coverage.ts';

/** Output chunk size. */
const CHUNK = 256 * 1024;

/** The output of a frame. */
interface Frame {
  readonly content: Uint8Array;
  /** Whether the frame is complete. If not, the content is the part before the damage or the cut. */
  readonly ended: boolean;
}

/**
 * Decompresses a zstd file. Its frames are one content however many there are (RFC 8878 §3).
 * @param coverage receives the frames that were read completely; skippable frames may contain any text
 * @returns null if no frame can be read, if the first one exceeds the budget, or if this Node version has no
 *   zstd (before 22.15)
 */
export function unzstd(bytes: Uint8Array, budget: Budget, coverage: Coverage): Uint8Array | null {
  if (!hasNativeZstd) return null;
  const contents: Uint8Array[] = [];
  let length = 0;
  for (const piece of new ZstdFrames().split(bytes).pieces) {
    const allowed = Math.min(budget.allowed, MAX_UNPACKED - length);
    const frame = allowed > 0 ? inflateFrame(piece.bytes, piece.last, allowed) : null;
    if (frame === null) budget.discard(allowed);
    if (frame === null || (!frame.ended && frame.content.length === 0)) break;
    contents.push(frame.content);
    length += frame.content.length;
    if (!frame.ended) break;
    coverage.add(piece.offset, piece.offset + piece.bytes.length);
  }
  if (contents.length === 0) return null;
  budget.take(length);
  return contents.length === 1 ? contents[0]! : Buffer.concat(contents, length);
}

/** @returns null if the output exceeds `allowed` */
function inflateFrame(bytes: Uint8Array, whole: boolean, allowed: number): Frame | null {
  try {
    if (whole) return { content: inflate(bytes, zlib.constants.ZSTD_e_end, allowed), ended: true };
  } catch (error) {
    if (error instanceof RangeError) return null;
    if (!isSystemError(error)) throw error;
  }
  return beforeDamage(bytes, allowed);
}

/**
 * A damaged stream yields nothing at all, so this searches for the longest run of blocks that decompresses.
 */
function beforeDamage(bytes: Uint8Array, allowed: number): Frame | null {
  const blocks = new ZstdFrames(true).split(bytes).pieces;
  let content: Uint8Array = new Uint8Array(0);
  for (let low = 0, high = blocks.length; low < high;) {
    const middle = (low + high + 1) >>> 1;
    const { offset, bytes: last } = blocks[middle - 1]!;
    try {
      content = inflate(bytes.subarray(0, offset + last.length), zlib.constants.ZSTD_e_flush, allowed);
      low = middle;
    } catch (error) {
      if (error instanceof RangeError) return null;
      if (!isSystemError(error)) throw error;
      high = middle - 1;
    }
  }
  return { content, ended: false };
}

/** @throws RangeError if the output exceeds `allowed`; Error if the stream is damaged */
function inflate(bytes: Uint8Array, finishFlush: number, allowed: number): Uint8Array {
  return zlib.zstdDecompressSync(bytes, { finishFlush, maxOutputLength: allowed, chunkSize: CHUNK });
}
