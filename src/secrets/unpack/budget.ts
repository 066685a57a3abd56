/** Maximum stored size of a compressed container that is buffered and opened. */
export const MAX_STORED = 64 * 1024 * 1024;
/** Maximum depth of nested containers: a gzip-compressed tar with a jar in it takes three. */
export const MAX_DEPTH = 4;
/** Maximum output of one stream in bytes. */
export const MAX_UNPACKED = 128 * 1024 * 1024;
/** Maximum output of everything in one file of a layer, in bytes: stops decompression bombs. */
const MAX_TOTAL = 512 * 1024 * 1024;
/** Maximum number of members in one file of a layer. */
const MAX_MEMBERS = 100_000;
/**
 * Maximum output that is discarded because a stream turned out to be too large: stops files with many bombs.
 */
const MAX_DISCARDED = 2 * 1024 * 1024 * 1024;

/** Limits what is unpacked from one file of a layer, including everything in it. */
export class Budget {
  #bytes = MAX_TOTAL;
  #members = MAX_MEMBERS;
  #discarded = 0;

  reset(): void {
    this.#bytes = MAX_TOTAL;
    this.#members = MAX_MEMBERS;
    this.#discarded = 0;
  }

  /** Maximum output of the next stream in bytes; 0 if nothing more may be unpacked. */
  get allowed(): number {
    return this.#members > 0 && this.#discarded < MAX_DISCARDED ? Math.min(MAX_UNPACKED, this.#bytes) : 0;
  }

  /** Counts a member and its size in bytes. */
  take(bytes: number): void {
    this.use(bytes);
    this.#members--;
  }

  /** Counts bytes of a member that was counted already. */
  use(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Counts bytes that were unpacked and discarded. */
  discard(bytes: number): void {
    this.#discarded += bytes;
  }
}
