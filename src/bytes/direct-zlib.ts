// By its whole name: Node before 22.15 has no zstd, and would refuse to load what it does not have.
import * as zlib from 'node:zlib';
import { Breather, CHUNK, type DecoderInput } from './decoder.ts';
import { handleOf, type OpenedZlib, type ZlibHandle } from './zlib-handle.ts';

/** Formats that this Node may inflate on the caller's thread. */
export type DirectFormat = 'gzip' | 'zstd';

const NOTHING = new Uint8Array(0);

/**
 * As {@link ZlibStream}, but on the caller's thread and into one buffer: no other thread is waited for and no
 * memory is asked for, which takes little more than half of the time. Node has no public way to that, so
 * {@link directZlib} makes sure first that its own one is there and works.
 */
export class DirectZlib {
  failure: NodeJS.ErrnoException | null = null;
  /** Bytes that were used up. */
  consumed = 0;
  readonly #input: Pick<DecoderInput, 'output' | 'plain' | 'stopped'>;
  readonly #opened: OpenedZlib;
  readonly #output: Uint8Array;
  readonly #breather = new Breather();
  #fed = 0;
  #over = false;

  constructor(opened: OpenedZlib, input: Pick<DecoderInput, 'output' | 'plain' | 'stopped'>) {
    this.#opened = opened;
    this.#input = input;
    this.#output = input.output ?? new Uint8Array(CHUNK);
    const onerror: ZlibHandle['onerror'] = (message, errno, code) => {
      this.failure = Object.assign(new Error(message), { errno, code });
    };
    Object.assign(opened.handle, { onerror });
  }

  /** Bytes written that were not used: the end was met before them. */
  get leftover(): number {
    return this.#fed - this.consumed;
  }

  /**
   * Takes bytes and hands on what they give.
   * @throws what the sink threw
   */
  async write(bytes: Uint8Array): Promise<void> {
    this.#fed += bytes.length;
    await this.#work(zlib.constants.Z_NO_FLUSH, bytes);
  }

  /**
   * Says that there are no more bytes; where some are wanted still, that is a failure.
   * @throws what the sink threw
   */
  async finish(): Promise<void> {
    await this.#work(zlib.constants.Z_FINISH, NOTHING);
  }

  /** Nothing waits: what was written has been handed on. */
  flush(): void {}

  close(): void {
    this.#over = true;
    this.#opened.close();
  }

  async #work(flush: number, bytes: Uint8Array): Promise<void> {
    const { handle, state } = this.#opened;
    const output = this.#output;
    for (let at = 0; !this.#over && this.failure === null;) {
      handle.writeSync(flush, bytes, at, bytes.length - at, output, 0, output.length);
      if (this.failure !== null) return;
      const [room, left] = state as unknown as readonly [number, number];
      this.consumed += bytes.length - at - left;
      at = bytes.length - left;
      const given = output.length - room;
      if (given > 0) this.#input.plain(output.subarray(0, given));
      if (this.#input.stopped()) return this.close();
      // Room that was left says that nothing more comes of these bytes.
      if (room > 0) return;
      await this.#breather.after(given);
    }
  }
}

const OPEN: Readonly<Record<DirectFormat, () => object>> = {
  gzip: () => zlib.createGunzip({ chunkSize: CHUNK }),
  zstd: () => zlib.createZstdDecompress({ chunkSize: CHUNK }),
};

const PACK: Readonly<Record<DirectFormat, (text: string) => Uint8Array>> = {
  gzip: (text) => zlib.gzipSync(text),
  zstd: (text) => zlib.zstdCompressSync(text),
};

const works = new Map<DirectFormat, boolean>();

/**
 * Inflates on the caller's thread.
 * @returns null where this Node does not have what it takes, or has changed it
 */
export function directZlib(
  format: DirectFormat,
  input: Pick<DecoderInput, 'output' | 'plain' | 'stopped'>,
): DirectZlib | null {
  if (!works.has(format)) works.set(format, tried(format));
  const opened = works.get(format) === true ? handleOf(OPEN[format]()) : null;
  return opened && new DirectZlib(opened, input);
}

/** Packs a text and unpacks it again. */
function tried(format: DirectFormat): boolean {
  try {
    const text = 'exhume '.repeat(40);
    const opened = handleOf(OPEN[format]());
    if (opened === null) return false;
    const packed = PACK[format](text);
    const output = new Uint8Array(2 * text.length);
    opened.handle.writeSync(zlib.constants.Z_NO_FLUSH, packed, 0, packed.length, output, 0, output.length);
    const [room, left] = opened.state;
    opened.close();
    return (
      left === 0 && room === text.length && Buffer.from(output.subarray(0, text.length)).toString() === text
    );
  } catch {
    return false;
  }
}
