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
    if (this.#filled > 0 && offset !== this.#blockOffset + this.#filled) this.#giveUp();
    let at = 0;
    if (this.#filled > 0) {
      at = Math.min(BLOCK - this.#filled, bytes.length);
      this.#keep(bytes.subarray(0, at));
      if (this.#filled < BLOCK) return;
      this.#filled = 0;
      this.#take(this.#block, 0, BLOCK, this.#blockOffset);
    }
    // Padding behind a file's data comes before the first whole block.
    const padding = Math.min((BLOCK - ((offset + at) % BLOCK)) % BLOCK, bytes.length - at);
    const whole = at + padding + Math.floor((bytes.length - at - padding) / BLOCK) * BLOCK;
    this.#take(bytes, at, whole, offset);
    if (whole === bytes.length) return;
    this.#blockOffset = offset + whole;
    this.#keep(bytes.subarray(whole));
  }

  /** Ends the tar, and makes ready for the next one. @returns hits with offsets in the tar */
  end(): RawHit[] {
    this.#giveUp();
    return this.#scanner.end();
  }

  #keep(bytes: Uint8Array): void {
    this.#block.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  /** What has begun is no whole block. */
  #giveUp(): void {
    this.#scanner.feed(this.#block.subarray(0, this.#filled), this.#blockOffset);
    this.#filled = 0;
  }

  /** Looks through [start, end), which ends with a block. @param offset of the first of all bytes in the tar */
  #take(bytes: Uint8Array, start: number, end: number, offset: number): void {
    let from = start;
    const cutAt = (at: number): void => {
      this.#scanner.feed(bytes.subarray(from, at), offset + from);
      this.#scanner.cut();
      from = at;
    };
    for (let block = start + ((end - start) % BLOCK); block < end; block += BLOCK) {
      if (!isHeader(bytes, block)) continue;
      if (block === 0 || bytes[block - 1] !== 0) cutAt(block);
      for (const { at, shortest } of CUTS) {
        const field = block + at;
        if (bytes[field - 1] === 0 || (shortest > 0 && bytes[field + shortest - 1] === 0)) continue;
        cutAt(field);
      }
    }
    const isAll = from === 0 && end === bytes.length;
    this.#scanner.feed(isAll ? bytes : bytes.subarray(from, end), offset + from);
  }
}

function isHeader(bytes: Uint8Array, at: number): boolean {
  if (formatOf(bytes, at) !== 'v7') return true;
  // Without a name or a check sum it is none: most of these are full of zeros.
  return bytes[at] !== 0 && bytes[at + CHECK_SUM] !== 0 && checksumHolds(bytes, at);
}
