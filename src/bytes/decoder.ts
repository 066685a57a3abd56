/** Size of the buffers for reading and for zlib's output; fastest in measurements, see docs/performance.md. */
export const CHUNK = 256 * 1024;

/** Why a blob is incomplete, or what follows its end. */
export interface Damage {
  readonly code: 'truncated' | 'corrupt' | 'trailing-data' | 'unreadable';
  /** Offset in the stored blob, in bytes. */
  readonly offset: number;
  /** Number of affected bytes, if known. */
  readonly length?: number;
  readonly message: string;
}

/** Input and output of a decoder: it pulls stored chunks and hands over uncompressed ones. */
export interface DecoderInput {
  /** Whether to inflate on this thread instead of a zlib thread: for threads that have nothing else to do. */
  readonly here: boolean;
  /** Memory for uncompressed bytes. A decoder that cannot choose its output buffer ignores it. */
  readonly output?: Uint8Array | undefined;
  /** Returns the next stored chunk, or null at the end. The second pull after this one reuses its memory. */
  pull(): Uint8Array | null;
  plain(chunk: Uint8Array): void;
  /** Reports whether reading should stop, because enough was read or it was cancelled. */
  stopped(): boolean;
  /**
   * Starts again at the first stored byte, for a slower pass through a damaged blob. Uncompressed bytes
   * that the sink already has are not handed over again.
   */
  restart(): void;
}

/** Yields to the event loop (timers, signals, the screen) during long synchronous work. */
export class Breather {
  #work = 0;

  /** Counts bytes of work; about every 16 MB it waits for one turn of the event loop. */
  async after(bytes: number): Promise<void> {
    this.#work += bytes;
    if (this.#work < 1 << 24) return;
    this.#work = 0;
    await new Promise(setImmediate);
  }
}
