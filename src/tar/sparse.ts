import { parseNumber } from './header.ts';
import type { SparseForm, SparseSegment } from './member.ts';
import { type PaxRecords, paxNumber, paxText } from './pax.ts';

/** Go's archive/tar keeps no more of one file either; a file so torn is no file of an image. */
export const MAX_SEGMENTS = 1 << 20;

/**
 * The data segments named by an old GNU sparse header (4 of them) or an extension block (21):
 * pairs of 12-byte offset and length, ended by an empty one.
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

/** What PAX records say of a sparse file. */
export interface PaxSparse {
  readonly form: SparseForm;
  /** Size once expanded. */
  readonly realSize: number | null;
  readonly name: Uint8Array | null;
}

/**
 * What the PAX forms of GNU sparse files say (versions 0.0, 0.1 and 1.0; GNU tar manual, "Storing
 * Sparse Files"). Version 1.0 keeps its map in front of the data. Versions that nobody knows are
 * no sparse files, as in Go's reader.
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
 * What is wrong with the map of a sparse file, or null. Segments must lie in order and within the
 * file, and stored bytes that none of them holds are no part of the file's content.
 * @param size of the file once expanded
 */
export function mapProblem(
  segments: readonly SparseSegment[],
  size: number,
  storedSize: number,
): string | null {
  let end = 0;
  let held = 0;
  for (const { offset, length } of segments) {
    if (offset < end || offset + length > size) return 'the map of a sparse file does not fit its size';
    end = offset + length;
    held += length;
  }
  if (held === storedSize) return null;
  return `${storedSize} bytes are stored of a sparse file, and its map places ${held}`;
}

/**
 * Reads a version 1.0 map as its bytes come: decimal numbers, one a line, their count first,
 * padded to a block.
 */
export class SparseMapReader {
  /** The segments so far; all of them once `state` is `done`. */
  readonly segments: SparseSegment[] = [];
  state: 'reading' | 'done' | 'broken' = 'reading';
  #length = 0;
  #value = 0;
  #digits = 0;
  #count = -1;
  #offset = -1;

  /**
   * Takes stored bytes.
   * @returns how many of them belong to the map, padding included
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
