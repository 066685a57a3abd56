/** A list of 32-bit numbers that grows: an array of JavaScript's takes twice the room, and more while it grows. */
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

  /** The numbers, as a view: room that was never written to costs nothing. */
  finish(): Uint32Array {
    return this.#values.subarray(0, this.#length);
  }
}
