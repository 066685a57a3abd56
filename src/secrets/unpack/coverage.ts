import type { Span } from '../span.ts';

/** Larger than any offset in a container, so that a start and an end fit in one exact number. */
const SCALE = 2 ** 26 + 1;

/**
 * Records which ranges of a container need no scan: what was unpacked from it, and what cannot contain text.
 * The other ranges, its gaps, are scanned as they are.
 */
export class Coverage {
  readonly #length: number;
  /** Start and end of each range as one number: numbers sort many times as fast as objects. */
  readonly #ranges: number[] = [];
  #covers = false;

  /** @param length of the container in bytes, at most 64 MB */
  constructor(length: number) {
    this.#length = length;
  }

  /** Marks [start, end) as covered. Ranges may be added in any order and may overlap. */
  add(start: number, end: number): void {
    if (end <= start || start >= this.#length) return;
    this.#ranges.push(start * SCALE + Math.min(end, this.#length));
    this.#covers = true;
  }

  /** Marks a field boundary: the text before it does not continue after it. */
  cut(at: number): void {
    if (at < this.#length) this.#ranges.push(at * SCALE + at);
  }

  /** Reports whether nothing is covered. */
  get isEmpty(): boolean {
    return !this.#covers;
  }

  /** Returns the non-empty ranges of the container that are not covered, in order. */
  gaps(): Span[] {
    const gaps: Span[] = [];
    let at = 0;
    for (const range of Float64Array.from(this.#ranges).sort()) {
      const start = Math.floor(range / SCALE);
      if (start > at) gaps.push({ start: at, end: start });
      at = Math.max(at, range - start * SCALE);
    }
    if (at < this.#length) gaps.push({ start: at, end: this.#length });
    return gaps;
  }
}
