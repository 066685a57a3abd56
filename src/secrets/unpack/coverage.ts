import type { Span } from '../span.ts';

/** Larger than any offset of a file that is opened; an offset and an end make one number that is exact. */
const SCALE = 2 ** 26 + 1;

/**
 * Which stretches of a container are told by what was taken out of it, or hold nothing that could be told.
 * The others, its gaps, are looked through as they are.
 */
export class Coverage {
  readonly #length: number;
  /** Start and end of each stretch as one number, since numbers are sorted many times as fast as anything else. */
  readonly #stretches: number[] = [];
  #covers = false;

  /** @param length of the container in bytes, at most 64 MB */
  constructor(length: number) {
    this.#length = length;
  }

  /** Says that [start, end) is covered; stretches may come in any order and share bytes. */
  add(start: number, end: number): void {
    if (end <= start || start >= this.#length) return;
    this.#stretches.push(start * SCALE + Math.min(end, this.#length));
    this.#covers = true;
  }

  /** Says that one field ends at an offset and another begins: what stands on both sides is no one text. */
  cut(at: number): void {
    if (at < this.#length) this.#stretches.push(at * SCALE + at);
  }

  /** Whether nothing is covered. */
  get isEmpty(): boolean {
    return !this.#covers;
  }

  /** Stretches of the container that nothing covers, in order; none is empty. */
  gaps(): Span[] {
    const gaps: Span[] = [];
    let at = 0;
    for (const stretch of Float64Array.from(this.#stretches).sort()) {
      const start = Math.floor(stretch / SCALE);
      if (start > at) gaps.push({ start: at, end: start });
      at = Math.max(at, stretch - start * SCALE);
    }
    if (at < this.#length) gaps.push({ start: at, end: this.#length });
    return gaps;
  }
}
