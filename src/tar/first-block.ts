import { BLOCK, checksumHolds } from './header.ts';

/** What the first block of a tar that is not all zeros is; `none` as long as every block is. */
export type FirstBlock = 'none' | 'header' | 'other';

/**
 * Judges the first block after an archive's leading blocks of zeros: file systems such as ext4 and ISO 9660 begin
 * with zeros too.
 */
export class FirstBlockAfterZeros {
  readonly #block = new Uint8Array(BLOCK);
  #length = 0;

  /**
   * Takes the bytes of the block that come next.
   * @param at in the tar, counted from its first header
   * @returns null until the block is complete
   */
  take(chunk: Uint8Array, from: number, at: number): FirstBlock | null {
    // Everything before the first byte that is taken was zero.
    if (this.#length === 0) this.#length = at % BLOCK;
    const piece = chunk.subarray(from, from + BLOCK - this.#length);
    this.#block.set(piece, this.#length);
    this.#length += piece.length;
    if (this.#length < BLOCK) return null;
    return checksumHolds(this.#block, 0) ? 'header' : 'other';
  }
}
