import { BLOCK, checksumHolds, formatOf } from '../../tar/header.ts';
import type { RawHit } from '../raw-hit.ts';
import type { GapScanner } from './gap-scanner.ts';

/**
 * Offsets at which a header is split into separate texts, because fields may follow each other without a zero
 * between them (POSIX.1-1988 ustar): after a full name and a full link name, and also before the link name
 * (after the type) and before the user name (after the version) if they are at least as long as the shortest
 * credential.
 */
const FIELD_STARTS = [
  { at: 100, shortest: 0 },
  { at: 157, shortest: 8 },
  { at: 257, shortest: 0 },
  { at: 265, shortest: 8 },
] as const;
const CHECKSUM = 148;

/** Scans the bytes between the files of a tar, in whole blocks. Headers are scanned field by field. */
export class TarGaps {
  readonly #scanner: GapScanner;
  /** The start of an incomplete block. */
  readonly #block = new Uint8Array(BLOCK);
  #filled = 0;
  #blockOffset = 0;

  constructor(scanner: GapScanner) {
    this.#scanner = scanner;
  }

  /**
   * Adds the next range; its memory may be reused afterwards.
   * @param offset in the tar
   */
  feed(bytes: Uint8Array, offset: number): void {
    if (this.#filled > 0 && offset !== this.#blockOffset + this.#filled) this.#flushPartial();
    let at = 0;
    if (this.#filled > 0) {
      at = Math.min(BLOCK - this.#filled, bytes.length);
      this.#keep(bytes.subarray(0, at));
      if (this.#filled < BLOCK) return;
      this.#filled = 0;
      this.#take(this.#block, 0, BLOCK, this.#blockOffset);
    }
    // Padding after a file's data comes before the first whole block.
    const padding = Math.min((BLOCK - ((offset + at) % BLOCK)) % BLOCK, bytes.length - at);
    const whole = at + padding + Math.floor((bytes.length - at - padding) / BLOCK) * BLOCK;
    this.#take(bytes, at, whole, offset);
    if (whole === bytes.length) return;
    this.#blockOffset = offset + whole;
    this.#keep(bytes.subarray(whole));
  }

  /**
   * Ends the tar and resets the scanner for the next one.
   * @returns hits with offsets in the tar
   */
  end(): RawHit[] {
    this.#flushPartial();
    return this.#scanner.end();
  }

  #keep(bytes: Uint8Array): void {
    this.#block.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  /** Scans an incomplete block as it is. */
  #flushPartial(): void {
    this.#scanner.feed(this.#block.subarray(0, this.#filled), this.#blockOffset);
    this.#filled = 0;
  }

  /**
   * Scans [start, end) of `bytes`, which ends at a block boundary.
   * @param offset of `bytes[0]` in the tar
   */
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
      for (const { at, shortest } of FIELD_STARTS) {
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
  // A block without a name or a checksum is not a header: most are full of zeros.
  return bytes[at] !== 0 && bytes[at + CHECKSUM] !== 0 && checksumHolds(bytes, at);
}
