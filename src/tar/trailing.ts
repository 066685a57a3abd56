import { type FirstBlock, FirstBlockAfterZeros } from './first-block.ts';
import type { Warn } from './extended-headers.ts';

/**
 * Name of the index that BuildKit's eStargz layers have after the end of the archive, where ordinary
 * readers do not see it (stargz-snapshotter, docs/estargz.md, "The footer").
 */
const ESTARGZ_INDEX = Buffer.from('stargz.index.json\0', 'latin1');

/** Data after the end of an archive. */
interface Trailing {
  /** Index of its first byte in the chunk. */
  readonly at: number;
  /** A description for messages. */
  readonly what: string;
}

/** Finds the first non-zero byte from `from` on and describes the data there; null if all bytes are zero. */
function firstTrailing(chunk: Uint8Array, from: number): Trailing | null {
  for (let at = from; at < chunk.length; at++) {
    if (chunk[at] === 0) continue;
    const isIndex = ESTARGZ_INDEX.every((byte, index) => chunk[at + index] === byte);
    return { at, what: isIndex ? 'an eStargz index (stargz.index.json)' : 'data' };
  }
  return null;
}

/** Checks the bytes after the end of an archive, and finds the first block of an archive that begins with zeros. */
export class TrailingBytes {
  /** Whether the remaining bytes need no further check. */
  seen = false;
  #afterZeros: FirstBlockAfterZeros | null = null;

  /** Whether part of the first non-zero block was found after an apparent end of the archive. */
  get hasFirstBlock(): boolean {
    return this.#afterZeros !== null;
  }

  /** Resets the state for another archive. */
  forget(): void {
    this.seen = false;
    this.#afterZeros = null;
  }

  /**
   * Checks a chunk of the bytes after the end.
   * @param from index in the chunk at which to begin
   * @param offset of the chunk's first byte in the tar
   * @param start offset of the tar's first header
   * @param first the type of the tar's first block, as known so far
   * @returns the type of the first block, as known after this chunk
   */
  look(
    chunk: Uint8Array,
    from: number,
    offset: number,
    start: number,
    first: FirstBlock,
    warn: Warn,
  ): FirstBlock {
    if (this.seen) return first;
    const isNew = this.#afterZeros === null;
    const found = isNew ? firstTrailing(chunk, from) : { at: from, what: '' };
    if (found === null) return first;
    let judged = first;
    if (first === 'none') {
      this.#afterZeros ??= new FirstBlockAfterZeros();
      const block = this.#afterZeros.take(chunk, found.at, offset + found.at - start);
      this.seen = block !== null;
      judged = block ?? 'none';
      if (!isNew) return judged;
    } else this.seen = true;
    warn('trailing-data', offset + found.at, `${found.what} after the end of the archive`);
    return judged;
  }
}
