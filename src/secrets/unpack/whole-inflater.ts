import * as zlib from 'node:zlib';
import { isSystemError } from '../../bytes/system-error.ts';
import { type InflateHandle, openHandle } from '../../bytes/zlib-handle.ts';

const LEAST_ROOM = 64 * 1024;
/** Larger buffers are not kept for the next stream. */
const MOST_KEPT = 8 * 1024 * 1024;
const { Z_FINISH, Z_SYNC_FLUSH } = zlib.constants;
/**
 * Bytes that a damaged stream is given at once, each time anew: a piece with damage in it gives nothing, so what
 * came before it is had by giving smaller ones.
 */
const PIECES = [64 * 1024, 256, 1];

/** What came of a stream. */
export interface Inflated {
  /** Valid until the next stream is inflated. */
  readonly bytes: Uint8Array;
  /** Bytes of the stream that were read: up to its end, to where it is cut short, or to its damage. */
  readonly stored: number;
  /** Whether its end was reached; else `bytes` is what comes before its damage, or before it is cut short. */
  readonly ended: boolean;
}

/**
 * Inflates one bare stream (RFC 1951) after the other that is there as a whole. Node's own functions for that
 * make a new inflater and new memory for each, which takes longer than inflating the small files of a jar; where
 * there is no way around them, they are used.
 */
export class WholeInflater {
  #handle: InflateHandle | null = null;
  #output = new Uint8Array(0);

  /**
   * @param bytes begin with the stream, and may go on behind its end
   * @param allowed how many bytes may come of it
   * @param expected how many will, if what is told of it is true
   * @returns null where more came of it than is allowed
   */
  inflate(bytes: Uint8Array, allowed: number, expected: number): Inflated | null {
    const handle = (this.#handle ??= openHandle('deflate-raw'));
    if (handle === null) return inflatedByNode(bytes, allowed);
    const whole = this.#inflate(handle, bytes, allowed, expected, Z_FINISH, 0, bytes.length);
    if (whole === null || handle.failure === null) return whole;
    let before: Inflated = whole;
    for (const piece of PIECES) {
      const more = this.#inflate(handle, bytes, allowed, expected, Z_SYNC_FLUSH, before.stored, piece);
      if (more === null) return null;
      before = { ...more, ended: false };
      if (handle.failure === null) break;
    }
    return before;
  }

  /**
   * @param good bytes of the stream that are known to be sound
   * @param piece how many are given at once after them
   */
  #inflate(
    handle: InflateHandle,
    bytes: Uint8Array,
    allowed: number,
    expected: number,
    flush: number,
    good: number,
    piece: number,
  ): Inflated | null {
    handle.reset();
    // One byte more than will come says that nothing more comes.
    const room = Math.max(LEAST_ROOM, Math.min(expected, allowed, MOST_KEPT) + 1);
    let output = this.#output.length >= room ? this.#output : new Uint8Array(room);
    let filled = 0;
    let at = 0;
    for (let until = Math.min(bytes.length, good === 0 ? piece : good); ;) {
      const { read, written } = handle.write(flush, bytes, at, until - at, output, filled);
      if (handle.failure !== null) break;
      filled += written;
      at += read;
      if (filled > allowed) return null;
      if (filled === output.length) {
        const larger = new Uint8Array(Math.min(2 * output.length, allowed + 1));
        larger.set(output);
        output = larger;
      } else if (at < until || until === bytes.length) break;
      else until = Math.min(bytes.length, until + piece);
    }
    if (output.length <= MOST_KEPT + 1) this.#output = output;
    return { bytes: output.subarray(0, filled), stored: at, ended: handle.failure === null };
  }
}

/** The same by Node's documented functions, which give nothing of a damaged stream. */
export function inflatedByNode(bytes: Uint8Array, allowed: number): Inflated | null {
  try {
    return { ...byNode(bytes, allowed, Z_FINISH), ended: true };
  } catch (error) {
    if (error instanceof RangeError) return null;
    if (!isSystemError(error)) throw error;
  }
  try {
    return { ...byNode(bytes, allowed, Z_SYNC_FLUSH), ended: false };
  } catch (error) {
    if (error instanceof RangeError) return null;
    if (!isSystemError(error)) throw error;
    return { bytes: new Uint8Array(0), stored: 0, ended: false };
  }
}

/** @throws RangeError where more comes of it than is allowed; Error for a stream that is damaged or cut short */
function byNode(bytes: Uint8Array, allowed: number, flush: number): { bytes: Uint8Array; stored: number } {
  const options = { info: true, finishFlush: flush, maxOutputLength: Math.max(1, allowed) };
  const { buffer, engine } = zlib.inflateRawSync(bytes, options) as unknown as {
    readonly buffer: Buffer;
    readonly engine: { readonly bytesWritten: number };
  };
  if (buffer.length > allowed) throw new RangeError('more than is allowed');
  return { bytes: buffer, stored: engine.bytesWritten };
}
