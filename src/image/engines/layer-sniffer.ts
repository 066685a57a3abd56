import { detectCompression } from '../../bytes/compression.ts';
import { BLOCK, checksumHolds, isZeroBlock } from '../../tar/header.ts';

/**
 * Tells from the first block of an archive's member whether it is a layer: something compressed, or
 * a tar. Which members the image really uses is known only when its manifest has arrived, often last.
 */
export class LayerSniffer {
  readonly #head = new Uint8Array(BLOCK);
  #length = 0;

  /** A new member begins. */
  begin(): void {
    this.#length = 0;
  }

  /** Takes the next of its bytes. */
  take(bytes: Uint8Array): void {
    const room = BLOCK - this.#length;
    if (room === 0) return;
    const part = bytes.length > room ? bytes.subarray(0, room) : bytes;
    this.#head.set(part, this.#length);
    this.#length += part.length;
  }

  /** An empty tar is two blocks of zeros and a layer as well. */
  looksLikeLayer(): boolean {
    if (detectCompression(this.#head.subarray(0, this.#length)) !== 'none') return true;
    return this.#length === BLOCK && (checksumHolds(this.#head, 0) || isZeroBlock(this.#head, 0));
  }
}
