import { BLOCK, checksumHolds } from './header.ts';

/** The type of the first non-zero block of a tar; `none` while all blocks are zero. */
export type FirstBlock = 'none' | 'header' | 'other';

/**
 * Determines whether the first block after an archive's leading zero blocks is a tar header: file systems such as
 * ext4 and ISO 9660 also begin with zeros.
 */
export class FirstBlockAfterZeros {
  readonly #block = new Uint8Array(BLOCK);
  #length = 0;

  /**
   * Adds the next bytes of the block.
   * @param at offset in the tar, relative to its first header
   * @returns null until the block is complete
   */
  take(chunk: Uint8Array, from: number, at: number): FirstBlock | null {
    // Everything before the first byte added was zero.
    if (this.#length === 0) this.#length = at % BLOCK;
    const piece = chunk.subarray(from, from + BLOCK - this.#length);
    this.#block.set(piece, this.#length);
    this.#length += piece.length;
    if (this.#length < BLOCK) return null;
    return checksumHolds(this.#block, 0) ? 'header' : 'other';
  }
}
