/** Pieces of this size measured best for reading and for zlib's output; see docs/performance.md. */
export const CHUNK = 256 * 1024;

/** Why a blob gave fewer bytes than it should, or what follows its end. */
export interface Damage {
  readonly code: 'truncated' | 'corrupt' | 'trailing-data' | 'unreadable';
  /** Offset in the stored blob, in bytes. */
  readonly offset: number;
  /** Bytes that are affected, where known. */
  readonly length?: number;
  readonly message: string;
}

/** What each decoder is given: stored chunks to pull, a place for plain ones. */
export interface DecoderInput {
  /** Inflate on this thread, not on one of zlib's: for threads that have nothing else to do. */
  readonly here: boolean;
  /** Memory to put plain bytes into, where the decoder can choose. */
  readonly output?: Uint8Array | undefined;
  /** Next stored chunk, or null at the end. Its memory is reused by the second pull after. */
  pull(): Uint8Array | null;
  plain(chunk: Uint8Array): void;
  /** True when reading should stop, because enough was seen or it was cancelled. */
  stopped(): boolean;
  /**
   * Begins again at the first stored byte, for a slower way through a damaged blob. Plain bytes
   * that were given already are not given again.
   */
  restart(): void;
}

/** Lets timers, signals and the screen in between pieces of work that never wait by themselves. */
export class Breather {
  #work = 0;

  /** Counts work done, in bytes; every 16 MB or so it waits for one turn of the event loop. */
  async after(bytes: number): Promise<void> {
    this.#work += bytes;
    if (this.#work < 1 << 24) return;
    this.#work = 0;
    await new Promise(setImmediate);
  }
}
