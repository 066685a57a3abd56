import * as zlib from 'node:zlib';
import { isSystemError } from '../../bytes/system-error.ts';
import { type InflateHandle, openHandle } from '../../bytes/zlib-handle.ts';

const MIN_BUFFER = 64 * 1024;
/** Larger buffers are not kept for the next stream. */
const MAX_KEPT = 8 * 1024 * 1024;
const { Z_FINISH, Z_SYNC_FLUSH } = zlib.constants;
/**
 * Sizes of the pieces in which a damaged stream is fed, smaller in each attempt. A piece with damage in it
 * yields nothing, so smaller pieces recover more of the output before the damage.
 */
const PIECES = [64 * 1024, 256, 1];

/** The output of a stream. */
export interface Inflated {
  /** Valid until the next stream is inflated. */
  readonly bytes: Uint8Array;
  /** Number of bytes of the stream that were read: up to its end, or to where it is truncated or damaged. */
  readonly stored: number;
  /** Whether the stream is complete. If not, `bytes` is the output before the cut or the damage. */
  readonly ended: boolean;
}

/**
 * Inflates one complete raw deflate stream (RFC 1951) after another. Node's own functions create a new
 * inflater and new memory for each stream, which takes longer than inflating the small files of a jar. They
 * are the fallback if the internal handle is not available.
 */
export class WholeInflater {
  #handle: InflateHandle | null = null;
  #output = new Uint8Array(0);

  /**
   * @param bytes start with the stream; trailing bytes are allowed
   * @param allowed maximum size of the output
   * @param expected declared size of the output
   * @returns null if the output exceeds `allowed`
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
   * @param good number of bytes that are known to be undamaged
   * @param piece size of the pieces that are fed after them
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
    // One extra byte: if it stays unused, the output is complete.
    const room = Math.max(MIN_BUFFER, Math.min(expected, allowed, MAX_KEPT) + 1);
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
    if (output.length <= MAX_KEPT + 1) this.#output = output;
    return { bytes: output.subarray(0, filled), stored: at, ended: handle.failure === null };
  }
}

/** Does the same with Node's documented functions, which yield nothing for a damaged stream. */
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

/** @throws RangeError if the output exceeds `allowed`; Error if the stream is damaged or truncated */
function byNode(bytes: Uint8Array, allowed: number, flush: number): { bytes: Uint8Array; stored: number } {
  const options = { info: true, finishFlush: flush, maxOutputLength: Math.max(1, allowed) };
  const { buffer, engine } = zlib.inflateRawSync(bytes, options) as unknown as {
    readonly buffer: Buffer;
    readonly engine: { readonly bytesWritten: number };
  };
  if (buffer.length > allowed) throw new RangeError('more than is allowed');
  return { bytes: buffer, stored: engine.bytesWritten };
}
