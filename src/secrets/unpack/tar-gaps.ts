import { BLOCK, checksumHolds, formatOf } from '../../tar/header.ts';
import type { RawHit } from '../raw-hit.ts';
import type { GapScanner } from './gap-scanner.ts';

/**
 * Where a header is cut, since no zero need stand between two fields of it (POSIX.1-1988 ustar): behind the name and
 * behind that of a link, where they are full; before that of a link, which follows its type, and before that of the
 * user, which follows the version, where they are no shorter than the shortest credential.
 */
const CUTS = [
  { at: 100, shortest: 0 },
  { at: 157, shortest: 8 },
  { at: 257, shortest: 0 },
  { at: 265, shortest: 8 },
] as const;
const CHECK_SUM = 148;

/** Looks through what stands between the files of a tar: whole blocks, of which headers are taken field by field. */
export class TarGaps {
  readonly #scanner: GapScanner;
  /** The beginning of a block. */
  readonly #block = new Uint8Array(BLOCK);
  #filled = 0;
  #blockOffset = 0;

  constructor(scanner: GapScanner) {
    this.#scanner = scanner;
  }

  /**
   * Takes the next stretch, which may be reused afterwards.
   * @param offset in the tar
   */
  feed(bytes: Uint8Array, offset: number): void {
    let at = 0;
    while (at < bytes.length) {
      const place = offset + at;
      if (this.#filled > 0 && place !== this.#blockOffset + this.#filled) this.#giveUp();
      const missing = BLOCK - (place % BLOCK);
      const count = Math.min(missing, bytes.length - at);
      if (count === BLOCK) this.#take(bytes.subarray(at, at + BLOCK), place);
      // Padding behind a file's data.
      else if (this.#filled === 0 && missing < BLOCK)
        this.#scanner.feed(bytes.subarray(at, at + count), place);
      else this.#keep(bytes.subarray(at, at + count), place);
      at += count;
    }
  }

  /** Ends the tar, and makes ready for the next one. @returns hits with offsets in the tar */
  end(): RawHit[] {
    this.#giveUp();
    return this.#scanner.end();
  }

  #keep(bytes: Uint8Array, place: number): void {
    if (this.#filled === 0) this.#blockOffset = place;
    this.#block.set(bytes, this.#filled);
    this.#filled += bytes.length;
    if (this.#filled < BLOCK) return;
    this.#filled = 0;
    this.#take(this.#block, this.#blockOffset);
  }

  /** What has begun is no whole block. */
  #giveUp(): void {
    this.#scanner.feed(this.#block.subarray(0, this.#filled), this.#blockOffset);
    this.#filled = 0;
  }

  #take(block: Uint8Array, place: number): void {
    if (!isHeader(block)) {
      this.#scanner.feed(block, place);
      return;
    }
    this.#scanner.cut();
    let from = 0;
    for (const { at, shortest } of CUTS) {
      if (block[at - 1] === 0 || (shortest > 0 && block[at + shortest - 1] === 0)) continue;
      this.#scanner.feed(block.subarray(from, at), place + from);
      this.#scanner.cut();
      from = at;
    }
    this.#scanner.feed(from === 0 ? block : block.subarray(from), place + from);
  }
}

function isHeader(block: Uint8Array): boolean {
  if (formatOf(block, 0) !== 'v7') return true;
  // Without a name or a check sum it is none: most of these are full of zeros.
  return block[0] !== 0 && block[CHECK_SUM] !== 0 && checksumHolds(block, 0);
}
