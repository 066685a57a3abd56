import type { SparseForm, SparseSegment } from '../tar/member.ts';
import { parseSparseMap } from '../tar/sparse.ts';

const ZEROS = new Uint8Array(64 * 1024);
/** A map of more than this is not read: the file is given as it is stored. */
const MAX_MAP = 8 << 20;

/** Fills the holes of a sparse file with zeros, in bounded memory. */
export class SparseExpander {
  readonly #size: number;
  readonly #write: (bytes: Uint8Array) => void;
  #segments: readonly SparseSegment[] | null;
  #map: Uint8Array[] = [];
  #mapLength = 0;
  #index = 0;
  #taken = 0;
  #position = 0;

  /**
   * @param size bytes of the file once expanded
   * @param write receives the content in order
   */
  constructor(form: SparseForm, size: number, write: (bytes: Uint8Array) => void) {
    this.#segments = form.kind === 'map' ? form.segments : null;
    this.#size = size;
    this.#write = write;
  }

  /** Takes stored bytes, in order. */
  write(chunk: Uint8Array): void {
    if (this.#segments !== null) {
      this.#place(chunk);
      return;
    }
    this.#map.push(chunk.slice());
    this.#mapLength += chunk.length;
    const joined = Buffer.concat(this.#map);
    const parsed = parseSparseMap(joined);
    if (parsed === null && this.#mapLength < MAX_MAP) {
      this.#map = [joined];
      return;
    }
    this.#segments = parsed?.segments ?? [{ offset: 0, length: this.#size }];
    this.#map = [];
    this.#place(joined.subarray(Math.min(parsed?.length ?? 0, joined.length)));
  }

  /** All stored bytes were given: writes the last hole. @returns whether the content is complete */
  end(): boolean {
    const complete = this.#segments !== null && this.#index >= this.#segments.length;
    this.#zeros(this.#size);
    return complete || this.#position >= this.#size;
  }

  #place(chunk: Uint8Array): void {
    let at = 0;
    for (;;) {
      const segment = this.#segments![this.#index];
      if (segment === undefined) return;
      if (this.#taken === 0) this.#zeros(Math.min(segment.offset, this.#size));
      const length = Math.min(segment.length - this.#taken, chunk.length - at, this.#size - this.#position);
      if (length > 0) this.#write(chunk.subarray(at, at + length));
      this.#position += Math.max(0, length);
      at += Math.max(0, length);
      this.#taken += Math.max(0, length);
      if (this.#taken < segment.length && this.#position < this.#size) return;
      this.#index++;
      this.#taken = 0;
    }
  }

  #zeros(until: number): void {
    while (this.#position < until) {
      const length = Math.min(ZEROS.length, until - this.#position);
      this.#write(length === ZEROS.length ? ZEROS : ZEROS.subarray(0, length));
      this.#position += length;
    }
  }
}
