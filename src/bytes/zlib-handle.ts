// Import the whole namespace: a named import of zstd fails to load on Node before 22.15, which has no zstd.
import * as zlib from 'node:zlib';
import { CHUNK } from './decoder.ts';

/** Formats that {@link openHandle} may inflate. */
export type HandleFormat = 'gzip' | 'zstd' | 'deflate-raw';

/** The result of one call. */
interface Step {
  /** Input bytes consumed. */
  readonly read: number;
  /** Bytes written to the output. If they fill it, there may be more. */
  readonly written: number;
}

/**
 * Inflates on the caller's thread into the caller's buffer, with the internal handle of Node's zlib streams. The
 * handle is undocumented, so everything that depends on it is in this file. {@link openHandle} tests it once per
 * format, and callers fall back to the documented API.
 */
export interface InflateHandle {
  /** The error of the last {@link write}, or null. */
  readonly failure: NodeJS.ErrnoException | null;
  /** @param flush `Z_NO_FLUSH`, `Z_SYNC_FLUSH` or `Z_FINISH` */
  write(flush: number, input: Uint8Array, at: number, length: number, output: Uint8Array, to: number): Step;
  /** Resets the failure and the state, for another stream of the same format. */
  reset(): void;
  close(): void;
}

/** Node's internal object. */
interface NodeHandle {
  onerror: (message: string, errno: number, code: string) => void;
  reset(): void;
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputLength: number,
    output: Uint8Array,
    outputAt: number,
    outputLength: number,
  ): void;
}

class NodeInflateHandle implements InflateHandle {
  failure: NodeJS.ErrnoException | null = null;
  readonly #handle: NodeHandle;
  /** Written by the handle: the bytes left in the output, then the bytes left in the input. */
  readonly #state: Uint32Array;
  readonly #stream: { destroy(): unknown };

  constructor(handle: NodeHandle, state: Uint32Array, stream: { destroy(): unknown }) {
    this.#handle = handle;
    this.#state = state;
    this.#stream = stream;
    // The handle is not an event target: it calls this property.
    // oxlint-disable-next-line unicorn/prefer-add-event-listener
    handle.onerror = (message, errno, code) => {
      this.failure = Object.assign(new Error(message), { errno, code });
    };
  }

  write(flush: number, input: Uint8Array, at: number, length: number, output: Uint8Array, to: number): Step {
    const room = output.length - to;
    this.#handle.writeSync(flush, input, at, length, output, to, room);
    if (this.failure !== null) return { read: 0, written: 0 };
    const [roomLeft, unread] = this.#state as unknown as readonly [number, number];
    return { read: length - unread, written: room - roomLeft };
  }

  reset(): void {
    this.failure = null;
    this.#handle.reset();
  }

  close(): void {
    this.#stream.destroy();
  }
}

const OPEN: Readonly<Record<HandleFormat, () => object>> = {
  gzip: () => zlib.createGunzip({ chunkSize: CHUNK }),
  zstd: () => zlib.createZstdDecompress({ chunkSize: CHUNK }),
  'deflate-raw': () => zlib.createInflateRaw(),
};

const PACK: Readonly<Record<HandleFormat, (text: Uint8Array) => Uint8Array>> = {
  gzip: (text) => zlib.gzipSync(text),
  zstd: (text) => zlib.zstdCompressSync(text),
  'deflate-raw': (text) => zlib.deflateRawSync(text),
};

const works = new Map<HandleFormat, boolean>();

/** Returns a handle, or null if this Node version has no such handle or its behaviour changed. */
export function openHandle(format: HandleFormat): InflateHandle | null {
  if (!works.has(format)) works.set(format, passesTrial(format));
  return works.get(format) === true ? handleOf(OPEN[format]()) : null;
}

function handleOf(stream: object): InflateHandle | null {
  const { _handle: handle, _writeState: state } = stream as {
    _handle?: Partial<NodeHandle>;
    _writeState?: unknown;
  };
  if (typeof handle?.writeSync !== 'function' || typeof handle.reset !== 'function') return null;
  if (!(state instanceof Uint32Array)) return null;
  return new NodeInflateHandle(handle as NodeHandle, state, stream as { destroy(): unknown });
}

/** Reports whether one handle inflates a known text correctly before and after a damaged stream. */
function passesTrial(format: HandleFormat): boolean {
  const text = Buffer.from('exhume '.repeat(40));
  // No format accepts these: as raw deflate, the block type is the reserved one (RFC 1951 §3.2.3).
  const damaged = Buffer.alloc(16, 0x07);
  try {
    const handle = handleOf(OPEN[format]());
    if (handle === null) return false;
    const packed = PACK[format](text);
    const sound = [packed, damaged, packed].every((input) => {
      const output = Buffer.alloc(2 * text.length);
      handle.reset();
      const { read, written } = handle.write(zlib.constants.Z_FINISH, input, 0, input.length, output, 0);
      if (input === damaged) return handle.failure !== null;
      return (
        handle.failure === null &&
        read === packed.length &&
        written === text.length &&
        output.subarray(0, text.length).equals(text)
      );
    });
    handle.close();
    return sound;
  } catch {
    return false;
  }
}
