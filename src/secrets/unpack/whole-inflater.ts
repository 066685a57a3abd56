import * as zlib from 'node:zlib';
import { handleOf, type OpenedZlib } from '../../bytes/zlib-handle.ts';

/** A stream with gzip's header and check sum (RFC 1952), or bare as in a zip (RFC 1951). */
export type WholeFormat = 'gzip' | 'raw';

const LEAST_ROOM = 64 * 1024;
/** Larger buffers are not kept for the next stream. */
const MOST_KEPT = 8 * 1024 * 1024;

/** A gzip stream that is cut short gives what it holds; a member of a zip must be whole. */
const FLUSH: Readonly<Record<WholeFormat, number>> = {
  gzip: zlib.constants.Z_SYNC_FLUSH,
  raw: zlib.constants.Z_FINISH,
};

/**
 * Inflates one stream after the other that is there as a whole. Node's own functions for that make a new
 * inflater and new memory for each, which takes longer than inflating the small files of a jar; where there is
 * no way around them, they are used.
 */
export class WholeInflater {
  readonly #format: WholeFormat;
  #opened: OpenedZlib | null = null;
  #output = new Uint8Array(0);
  #failed = false;

  constructor(format: WholeFormat) {
    this.#format = format;
  }

  /**
   * @param allowed how many bytes may come of it
   * @param expected how many will, if what is told of it is true
   * @returns what came of it, valid until the next call; null where it is damaged, or more came than is allowed
   */
  inflate(bytes: Uint8Array, allowed: number, expected: number): Uint8Array | null {
    if (!works.has(this.#format)) works.set(this.#format, tried(this.#format));
    return works.get(this.#format) === true
      ? this.#inflate(bytes, allowed, expected)
      : inflatedByNode(this.#format, bytes, allowed);
  }

  #inflate(bytes: Uint8Array, allowed: number, expected: number): Uint8Array | null {
    const { handle, state } = this.#ready();
    // One byte more than will come says that nothing more comes.
    const room = Math.max(LEAST_ROOM, Math.min(expected, allowed, MOST_KEPT) + 1);
    let output = this.#output.length >= room ? this.#output : new Uint8Array(room);
    let filled = 0;
    for (let at = 0; ;) {
      const free = output.length - filled;
      handle.writeSync(FLUSH[this.#format], bytes, at, bytes.length - at, output, filled, free);
      const [left, unread] = state as unknown as readonly [number, number];
      filled += free - left;
      at = bytes.length - unread;
      if (this.#failed || filled > allowed) {
        this.#opened = null;
        return null;
      }
      if (left > 0) break;
      const larger = new Uint8Array(Math.min(2 * output.length, allowed + 1));
      larger.set(output);
      output = larger;
    }
    if (output.length <= MOST_KEPT + 1) this.#output = output;
    return output.subarray(0, filled);
  }

  #ready(): OpenedZlib {
    this.#failed = false;
    if (this.#opened !== null) {
      this.#opened.handle.reset();
      return this.#opened;
    }
    const opened = open(this.#format)!;
    const onerror = (): void => {
      this.#failed = true;
    };
    Object.assign(opened.handle, { onerror });
    this.#opened = opened;
    return opened;
  }
}

const works = new Map<WholeFormat, boolean>();

function open(format: WholeFormat): OpenedZlib | null {
  return handleOf(format === 'gzip' ? zlib.createGunzip() : zlib.createInflateRaw());
}

/** Unpacks a text twice through one handle. */
function tried(format: WholeFormat): boolean {
  const text = Buffer.from('exhume '.repeat(40));
  const packed = format === 'gzip' ? zlib.gzipSync(text) : zlib.deflateRawSync(text);
  try {
    const opened = open(format);
    if (opened === null) return false;
    const { handle, state } = opened;
    for (const _turn of [1, 2]) {
      const output = Buffer.alloc(2 * text.length);
      handle.reset();
      handle.writeSync(FLUSH[format], packed, 0, packed.length, output, 0, output.length);
      const [left, unread] = state;
      if (left !== text.length || unread !== 0 || !output.subarray(0, text.length).equals(text)) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/** The same by Node's documented functions. */
export function inflatedByNode(format: WholeFormat, bytes: Uint8Array, allowed: number): Uint8Array | null {
  const inflate = format === 'gzip' ? zlib.gunzipSync : zlib.inflateRawSync;
  try {
    return inflate(bytes, { finishFlush: FLUSH[format], maxOutputLength: Math.max(1, allowed) });
  } catch {
    return null;
  }
}
