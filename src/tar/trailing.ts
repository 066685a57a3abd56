import { type FirstBlock, FirstBlockAfterZeros } from './first-block.ts';
import type { Warn } from './extended-headers.ts';

/**
 * Name of the member that BuildKit's eStargz layers have behind the end of the archive, where only those
 * who look for it find it (stargz-snapshotter, docs/estargz.md, "The footer").
 */
const ESTARGZ_INDEX = Buffer.from('stargz.index.json\0', 'latin1');

/** Something behind the end of an archive. */
interface Trailing {
  /** Where it begins in the chunk. */
  readonly at: number;
  /** For people. */
  readonly what: string;
}

/** The first byte that is no zero, and what begins with it; null where a chunk has none from `from` on. */
function firstTrailing(chunk: Uint8Array, from: number): Trailing | null {
  for (let at = from; at < chunk.length; at++) {
    if (chunk[at] === 0) continue;
    const isIndex = ESTARGZ_INDEX.every((byte, index) => chunk[at + index] === byte);
    return { at, what: isIndex ? 'an eStargz index (stargz.index.json)' : 'data' };
  }
  return null;
}

/** Looks at the bytes behind the end of an archive, and for the first block of one that begins with zeros. */
export class TrailingBytes {
  /** Nothing that may follow is of interest any more. */
  seen = false;
  #afterZeros: FirstBlockAfterZeros | null = null;

  /** Some of the first block that is not all zeros has been met behind what looked like an end. */
  get hasFirstBlock(): boolean {
    return this.#afterZeros !== null;
  }

  /** Begins again with another archive. */
  forget(): void {
    this.seen = false;
    this.#afterZeros = null;
  }

  /**
   * Looks at a chunk of what follows the end.
   * @param from where in the chunk to begin
   * @param offset of the chunk's first byte in the tar
   * @param start offset of the tar's first header
   * @param first what the tar's first block is, as far as it is known
   * @returns the same, with what is known now
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
