import { createHash, hash, type Hash } from 'node:crypto';
import type { ContentHashes } from './index-columns.ts';

/** The sha256 of empty content. */
const EMPTY = createHash('sha256').digest();

/** Hashes the contents of entries, one after the other, as they are read. */
export class ContentHasher {
  readonly #entries: number[] = [];
  #digests = new Uint8Array(1024 * 32);
  #stream: Hash | null = null;
  #length = 0;
  #digest: Uint8Array | null = null;
  #open = false;

  /** Starts the content of `entry`, which has `length` bytes. */
  begin(entry: number, length: number): void {
    if (this.#entries.length * 32 >= this.#digests.length) {
      const grown = new Uint8Array(this.#digests.length * 2);
      grown.set(this.#digests);
      this.#digests = grown;
    }
    this.#entries.push(entry);
    this.#stream = null;
    this.#digest = null;
    this.#length = length;
    this.#open = true;
  }

  data(chunk: Uint8Array): void {
    // Most contents arrive in one piece; hashing them with one call is faster.
    if (chunk.length === this.#length) {
      this.#digest = hash('sha256', chunk, 'buffer');
      return;
    }
    this.#stream ??= createHash('sha256');
    this.#stream.update(chunk);
  }

  end(): void {
    const digest = this.#digest ?? this.#stream?.digest() ?? EMPTY;
    this.#digests.set(digest, (this.#entries.length - 1) * 32);
    this.#open = false;
  }

  /** Returns the hashes. An entry whose bytes were cut short is left out. */
  finish(): ContentHashes {
    const complete = this.#open ? this.#entries.length - 1 : this.#entries.length;
    return {
      entries: Uint32Array.from(this.#entries.slice(0, complete)),
      sha256: this.#digests.slice(0, complete * 32),
    };
  }
}
