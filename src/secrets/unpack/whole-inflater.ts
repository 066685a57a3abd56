import * as zlib from 'node:zlib';
import { handleOf, type OpenedZlib } from '../../bytes/zlib-handle.ts';

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
  #opened: OpenedZlib | null = null;
  #output = new Uint8Array(0);
  #failed = false;

  /**
   * @param bytes begin with the stream, and may go on behind its end
   * @param allowed how many bytes may come of it
   * @param expected how many will, if what is told of it is true
   * @returns null where more came of it than is allowed
   */
  inflate(bytes: Uint8Array, allowed: number, expected: number): Inflated | null {
    works ??= tried();
    if (!works) return inflatedByNode(bytes, allowed);
    const whole = this.#inflate(bytes, allowed, expected, Z_FINISH, 0, bytes.length);
    if (whole === null || !this.#failed) return whole;
    let before: Inflated = whole;
    for (const piece of PIECES) {
      const more = this.#inflate(bytes, allowed, expected, Z_SYNC_FLUSH, before.stored, piece);
      if (more === null) return null;
      before = { ...more, ended: false };
      if (!this.#failed) break;
    }
    return before;
  }

  /**
   * @param good bytes of the stream that are known to be sound
   * @param piece how many are given at once after them
   */
  #inflate(
    bytes: Uint8Array,
    allowed: number,
    expected: number,
    flush: number,
    good: number,
    piece: number,
  ): Inflated | null {
    const { handle, state } = this.#ready();
    // One byte more than will come says that nothing more comes.
    const room = Math.max(LEAST_ROOM, Math.min(expected, allowed, MOST_KEPT) + 1);
    let output = this.#output.length >= room ? this.#output : new Uint8Array(room);
    let filled = 0;
    let at = 0;
    for (let until = Math.min(bytes.length, good === 0 ? piece : good); ;) {
      const free = output.length - filled;
      handle.writeSync(flush, bytes, at, until - at, output, filled, free);
      if (this.#failed) break;
      const [left, unread] = state as unknown as readonly [number, number];
      filled += free - left;
      at = until - unread;
      if (filled > allowed) return null;
      if (left === 0) {
        const larger = new Uint8Array(Math.min(2 * output.length, allowed + 1));
        larger.set(output);
        output = larger;
      } else if (unread > 0 || until === bytes.length) break;
      else until = Math.min(bytes.length, until + piece);
    }
    if (output.length <= MOST_KEPT + 1) this.#output = output;
    return { bytes: output.subarray(0, filled), stored: at, ended: !this.#failed };
  }

  #ready(): OpenedZlib {
    this.#failed = false;
    if (this.#opened !== null) {
      this.#opened.handle.reset();
      return this.#opened;
    }
    const opened = open()!;
    const onerror = (): void => {
      this.#failed = true;
    };
    Object.assign(opened.handle, { onerror });
    this.#opened = opened;
    return opened;
  }
}

let works: boolean | null = null;

function open(): OpenedZlib | null {
  return handleOf(zlib.createInflateRaw());
}

/** Unpacks a text through one handle, before and after a stream that is damaged. */
function tried(): boolean {
  const text = Buffer.from('exhume '.repeat(40));
  const stream = Buffer.concat([zlib.deflateRawSync(text), text]);
  // The last kind of block is reserved (RFC 1951 §3.2.3).
  const damaged = Buffer.alloc(16, 0x07);
  try {
    const opened = open();
    if (opened === null) return false;
    const { handle, state } = opened;
    let failed = false;
    const onerror = (): void => {
      failed = true;
    };
    Object.assign(handle, { onerror });
    for (const input of [stream, damaged, stream]) {
      const output = Buffer.alloc(2 * text.length);
      failed = false;
      handle.reset();
      handle.writeSync(Z_FINISH, input, 0, input.length, output, 0, output.length);
      if (failed !== (input === damaged)) return false;
      if (failed) continue;
      const [left, unread] = state;
      if (left !== text.length || unread !== text.length) return false;
      if (!output.subarray(0, text.length).equals(text)) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/** The same by Node's documented functions, which give nothing of a damaged stream. */
export function inflatedByNode(bytes: Uint8Array, allowed: number): Inflated | null {
  try {
    return { ...byNode(bytes, allowed, Z_FINISH), ended: true };
  } catch (error) {
    if (error instanceof RangeError) return null;
  }
  try {
    return { ...byNode(bytes, allowed, Z_SYNC_FLUSH), ended: false };
  } catch (error) {
    return error instanceof RangeError ? null : { bytes: new Uint8Array(0), stored: 0, ended: false };
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
