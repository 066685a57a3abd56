import { detectCompression } from '../../bytes/compression.ts';
import { BLOCK, checksumHolds, isZeroBlock } from '../../tar/header.ts';

/**
 * Guesses from the first block of a member whether it is a layer: compressed data or a tar. The manifest
 * says which members are layers, but it often arrives last.
 */
export class LayerSniffer {
  readonly #head = new Uint8Array(BLOCK);
  #length = 0;

  /** Starts a new member. */
  begin(): void {
    this.#length = 0;
  }

  /** Adds the next bytes of the member. */
  take(bytes: Uint8Array): void {
    const room = BLOCK - this.#length;
    if (room === 0) return;
    const part = bytes.length > room ? bytes.subarray(0, room) : bytes;
    this.#head.set(part, this.#length);
    this.#length += part.length;
  }

  /** Reports whether the member looks like a layer. An empty tar, which is two zero blocks, does too. */
  looksLikeLayer(): boolean {
    if (detectCompression(this.#head.subarray(0, this.#length)) !== 'none') return true;
    return this.#length === BLOCK && (checksumHolds(this.#head, 0) || isZeroBlock(this.#head, 0));
  }
}
