import * as zlib from 'node:zlib';
import { isSystemError } from '../../bytes/system-error.ts';
import { hasNativeZstd } from '../../bytes/zstd.ts';
import { ZstdFrames } from '../../bytes/zstd-frames.ts';
import { type Budget, MOST_UNPACKED } from './budget.ts';
import type { Coverage } from './coverage.ts';

/** Output is made in pieces of this size. */
const CHUNK = 256 * 1024;

/** What came of a frame. */
interface Frame {
  readonly content: Uint8Array;
  /** Whether its end was reached; else the content is what comes before its damage, or before it is cut short. */
  readonly ended: boolean;
}

/**
 * What a zstd file holds: its frames, which are one content however many there are (RFC 8878 §3).
 * @param coverage takes the frames that are read as a whole; skippable ones hold whatever their writers like
 * @returns null where no frame can be read, where more comes of the first than is allowed, and where this Node does
 * not decode zstd itself (before 22.15)
 */
export function unzstd(bytes: Uint8Array, budget: Budget, coverage: Coverage): Uint8Array | null {
  if (!hasNativeZstd) return null;
  const contents: Uint8Array[] = [];
  let length = 0;
  for (const piece of new ZstdFrames().split(bytes).pieces) {
    const allowed = Math.min(budget.allowed, MOST_UNPACKED - length);
    const frame = allowed > 0 ? inflateFrame(piece.bytes, piece.last, allowed) : null;
    if (frame === null) budget.lose(allowed);
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

/** @returns null where more came of it than is allowed */
function inflateFrame(bytes: Uint8Array, whole: boolean, allowed: number): Frame | null {
  try {
    if (whole) return { content: inflate(bytes, zlib.constants.ZSTD_e_end, allowed), ended: true };
  } catch (error) {
    if (error instanceof RangeError) return null;
    if (!isSystemError(error)) throw error;
  }
  return beforeDamage(bytes, allowed);
}

/** A stream with damage in it gives nothing at all, so the longest run of blocks is looked for that gives something. */
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

/** @throws RangeError where more comes of it than is allowed; Error for a stream that is damaged */
function inflate(bytes: Uint8Array, finishFlush: number, allowed: number): Uint8Array {
  return zlib.zstdDecompressSync(bytes, { finishFlush, maxOutputLength: allowed, chunkSize: CHUNK });
}
