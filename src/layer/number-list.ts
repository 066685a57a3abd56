/** A growable list of 32-bit numbers. A JavaScript array takes twice the memory, and more while it grows. */
export class NumberList {
  #values = new Uint32Array(16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Uint32Array(this.#length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  /** The numbers as a view: memory that was never written to costs nothing. */
  finish(): Uint32Array {
    return this.#values.subarray(0, this.#length);
  }
}
