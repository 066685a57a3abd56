import type { SparseForm, SparseSegment } from '../tar/member.ts';
import { SparseMapReader } from '../tar/sparse.ts';

const ZEROS = new Uint8Array(64 * 1024);
/**
 * Most bytes of holes to fill in one file: a header of half a kilobyte can claim holes of exabytes.
 */
const MAX_HOLES = 4 * 2 ** 30;

/** Fills the holes of a sparse file with zeros, in bounded memory and time. */
export class SparseExpander {
  readonly #size: number;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #stopped: () => boolean;
  readonly #map: SparseMapReader | null;
  readonly #segments: readonly SparseSegment[];
  #index = 0;
  #taken = 0;
  #position = 0;
  #holes = 0;
  #sound = true;

  /**
   * @param size size of the expanded file in bytes
   * @param write receives the content in order
   * @param stopped called before each piece of a hole; returns true when no more is needed
   */
  constructor(
    form: SparseForm,
    size: number,
    write: (bytes: Uint8Array) => void,
    stopped: () => boolean = () => false,
  ) {
    this.#map = form.kind === 'map' ? null : new SparseMapReader();
    this.#segments = form.kind === 'map' ? form.segments : this.#map!.segments;
    this.#size = size;
    this.#write = write;
    this.#stopped = stopped;
  }

  /** Takes stored bytes, in order. */
  write(chunk: Uint8Array): void {
    let at = 0;
    if (this.#map !== null && this.#map.state !== 'broken') at = this.#map.take(chunk);
    if (this.#map !== null && this.#map.state !== 'done') this.#sound = this.#map.state === 'reading';
    else if (at < chunk.length) this.#place(at === 0 ? chunk : chunk.subarray(at));
  }

  /**
   * Writes the last hole. Call it after all stored bytes were given.
   * @returns whether the content is complete and its map valid
   */
  end(): boolean {
    // Many writers end the map with an empty segment at the end of the file.
    while (this.#sound && this.#index < this.#segments.length && this.#remaining() === 0) this.#nextSegment();
    const placed = this.#index >= this.#segments.length && (this.#map === null || this.#map.state === 'done');
    if (!this.#sound || !placed) return false;
    this.#fillTo(this.#size);
    return this.#sound;
  }

  #remaining(): number {
    return this.#segments[this.#index]!.length - this.#taken;
  }

  #nextSegment(): void {
    this.#index++;
    this.#taken = 0;
  }

  #place(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length && this.#sound && this.#index < this.#segments.length;) {
      const segment = this.#segments[this.#index]!;
      if (this.#taken === 0) this.#openSegment(segment);
      if (!this.#sound) return;
      const length = Math.min(this.#remaining(), chunk.length - at);
      if (length > 0) this.#write(chunk.subarray(at, at + length));
      at += length;
      this.#taken += length;
      this.#position += length;
      if (this.#remaining() === 0) this.#nextSegment();
    }
  }

  #openSegment(segment: SparseSegment): void {
    const fits = segment.offset >= this.#position && segment.offset + segment.length <= this.#size;
    if (fits) this.#fillTo(segment.offset);
    else this.#sound = false;
  }

  #fillTo(until: number): void {
    while (this.#position < until) {
      const length = Math.min(ZEROS.length, until - this.#position);
      this.#holes += length;
      if (this.#holes > MAX_HOLES || this.#stopped()) {
        this.#sound = false;
        return;
      }
      this.#write(length === ZEROS.length ? ZEROS : ZEROS.subarray(0, length));
      this.#position += length;
    }
  }
}
