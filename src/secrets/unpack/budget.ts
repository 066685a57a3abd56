/** Stored bytes of a compressed container that are kept to be opened; larger ones stay closed. */
export const MOST_STORED = 64 * 1024 * 1024;
/** Containers in containers that are opened: a gzip-compressed tar with a jar in it takes three. */
export const DEEPEST = 4;
/** Bytes that one stream may unpack to. */
export const MOST_UNPACKED = 128 * 1024 * 1024;
/** Bytes that everything in one file of a layer may unpack to: a bomb ends here. */
const MOST_TOGETHER = 512 * 1024 * 1024;
/** Members of everything in one file of a layer. */
const MOST_MEMBERS = 100_000;
/** Bytes that come of streams which then turn out to be too large: a file with many bombs ends here. */
const MOST_LOST = 2 * 1024 * 1024 * 1024;

/** What is left to be unpacked of one file of a layer, with all that is in it. */
export class Budget {
  #bytes = MOST_TOGETHER;
  #members = MOST_MEMBERS;
  #lost = 0;

  reset(): void {
    this.#bytes = MOST_TOGETHER;
    this.#members = MOST_MEMBERS;
    this.#lost = 0;
  }

  /** Bytes that the next stream may unpack to; 0 where nothing more may be. */
  get allowed(): number {
    return this.#members > 0 && this.#lost < MOST_LOST ? Math.min(MOST_UNPACKED, this.#bytes) : 0;
  }

  /** Counts a member of so many bytes. */
  take(bytes: number): void {
    this.use(bytes);
    this.#members--;
  }

  /** Counts bytes of a member that has been counted. */
  use(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Counts bytes that were unpacked in vain. */
  lose(bytes: number): void {
    this.#lost += bytes;
  }
}
