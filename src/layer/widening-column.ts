import type { Numbers } from './index-columns.ts';

type Kind = new (length: number) => Numbers;

/** Whole numbers below 2^32: user and group ids, which are usually small. */
export const SMALL_NUMBERS = [Uint8Array, Uint16Array, Uint32Array] as const;
/** Sizes and times, which are usually whole, not negative and below 2^32. */
export const LARGE_NUMBERS = [Uint32Array, Float64Array] as const;

/** A column of numbers that takes no more room than its largest number needs. */
export class WideningColumn {
  readonly #kinds: readonly Kind[];
  #kind = 0;
  #values: Numbers;

  /** @param kinds from the narrowest to one that holds every number */
  constructor(kinds: readonly Kind[], length: number) {
    this.#kinds = kinds;
    this.#values = new kinds[0]!(length);
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
    while (this.#values[index] !== value && this.#kind < this.#kinds.length - 1) {
      this.#kind++;
      this.resize(this.#values.length);
      this.#values[index] = value;
    }
  }

  resize(length: number): void {
    const values = new this.#kinds[this.#kind]!(length);
    values.set(this.#values);
    this.#values = values;
  }

  /** Returns the first `count` values as a view: pages that were never written to cost nothing, but a copy would. */
  finish(count: number): Numbers {
    return this.#values.subarray(0, count);
  }
}
