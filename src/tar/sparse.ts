import { parseNumber } from './header.ts';
import type { SparseForm, SparseSegment } from './member.ts';
import { type PaxRecords, paxNumber, paxText } from './pax.ts';

/** Maximum number of segments per file, as in Go's archive/tar; no real file has more. */
export const MAX_SEGMENTS = 1 << 20;

/**
 * Returns the data segments in an old GNU sparse header (4) or an extension block (21): pairs of 12-byte
 * offset and length, up to an empty pair.
 */
export function parseOldSparse(bytes: Uint8Array, at: number, count: number): SparseSegment[] {
  const segments: SparseSegment[] = [];
  for (let i = 0; i < count; i++) {
    const field = at + i * 24;
    if (bytes[field] === 0) break;
    const offset = parseNumber(bytes, field, 12);
    const length = parseNumber(bytes, field + 12, 12);
    if (offset === null || length === null || offset < 0 || length < 0) break;
    segments.push({ offset, length });
  }
  return segments;
}

/** A sparse file as described by PAX records. */
export interface PaxSparse {
  readonly form: SparseForm;
  /** Size of the expanded file. */
  readonly realSize: number | null;
  readonly name: Uint8Array | null;
}

/**
 * Reads the PAX records of a GNU sparse file (versions 0.0, 0.1 and 1.0; GNU tar manual, "Storing Sparse
 * Files"). Version 1.0 stores its map before the data. Files of unknown versions are not sparse, as in
 * Go's reader.
 * @returns null if the file is not sparse
 */
export function paxSparse(pax: PaxRecords): PaxSparse | null {
  if (pax.others.size === 0) return null;
  const major = paxText(pax, 'GNU.sparse.major');
  const minor = paxText(pax, 'GNU.sparse.minor');
  const map = pax.others.get('GNU.sparse.map');
  const version = major === null && minor === null ? 'unnamed' : `${major}.${minor}`;
  const common = {
    realSize: paxNumber(pax, 'GNU.sparse.size') ?? paxNumber(pax, 'GNU.sparse.realsize'),
    name: pax.others.get('GNU.sparse.name') ?? null,
  };
  if (version === '1.0') return { form: { kind: 'map-in-data' }, ...common };
  if (map === undefined || !['unnamed', '0.0', '0.1'].includes(version)) return null;
  return { form: { kind: 'map', segments: parseList(map) }, ...common };
}

function parseList(map: Uint8Array): SparseSegment[] {
  const segments: SparseSegment[] = [];
  const numbers = Buffer.from(map).toString('latin1').split(',').map(Number);
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const offset = numbers[i]!;
    const length = numbers[i + 1]!;
    if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) break;
    segments.push({ offset, length });
  }
  return segments;
}

/**
 * Returns the problem with the map of a sparse file, or null. Segments must be in order and within the
 * file, and must account for all stored bytes.
 * @param size of the expanded file
 */
export function mapProblem(
  segments: readonly SparseSegment[],
  size: number,
  storedSize: number,
): string | null {
  let end = 0;
  let held = 0;
  for (const { offset, length } of segments) {
    if (offset < end || offset + length > size) return 'sparse map exceeds the size of its file';
    end = offset + length;
    held += length;
  }
  if (held === storedSize) return null;
  return `sparse map covers ${held} of ${storedSize} stored bytes`;
}

/**
 * Reads a version 1.0 map from a stream: decimal numbers, one per line, starting with the number of
 * segments, padded to a block.
 */
export class SparseMapReader {
  /** The segments read so far; complete when `state` is `done`. */
  readonly segments: SparseSegment[] = [];
  state: 'reading' | 'done' | 'broken' = 'reading';
  #length = 0;
  #value = 0;
  #digits = 0;
  #count = -1;
  #offset = -1;

  /**
   * Reads stored bytes.
   * @returns how many of them belong to the map, including padding
   */
  take(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length && this.state === 'reading') this.#byte(chunk[at++]!);
    this.#length += at;
    if (this.state !== 'done') return at;
    const padding = Math.min((512 - (this.#length % 512)) % 512, chunk.length - at);
    this.#length += padding;
    return at + padding;
  }

  #byte(byte: number): void {
    if (byte === 0x0a && this.#digits > 0) {
      this.#number(this.#value);
      this.#value = 0;
      this.#digits = 0;
      return;
    }
    const digit = byte - 0x30;
    if (digit < 0 || digit > 9 || ++this.#digits > 15) this.state = 'broken';
    else this.#value = this.#value * 10 + digit;
  }

  #number(value: number): void {
    if (this.#count < 0) {
      this.#count = value;
      if (value > MAX_SEGMENTS) this.state = 'broken';
    } else if (this.#offset < 0) {
      this.#offset = value;
    } else {
      this.segments.push({ offset: this.#offset, length: value });
      this.#offset = -1;
    }
    if (this.state === 'reading' && this.#count === this.segments.length && this.#offset < 0) {
      this.state = 'done';
    }
  }
}
