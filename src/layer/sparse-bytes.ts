import { NumberList } from './number-list.ts';

/** Byte strings for a few of many entries: ascending keys, and the values end to end. Transferable. */
export interface SparseBytes {
  readonly keys: Uint32Array;
  /** Start of each value, and the end of the last one. */
  readonly starts: Uint32Array;
  readonly bytes: Uint8Array;
}

/** Returns the value of a key as a view, or null, by binary search. */
export function sparseGet(table: SparseBytes, key: number): Uint8Array | null {
  const i = sparseIndex(table.keys, key);
  return i < 0 ? null : table.bytes.subarray(table.starts[i]!, table.starts[i + 1]!);
}

/** Returns the index of a key in an ascending list, or -1. */
export function sparseIndex(keys: Uint32Array, key: number): number {
  let low = 0;
  let high = keys.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const at = keys[middle]!;
    if (at === key) return middle;
    if (at < key) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Collects values under ascending keys. */
export class SparseBytesBuilder {
  readonly #keys = new NumberList();
  readonly #starts = new NumberList();
  #bytes = new Uint8Array(256);
  #used = 0;

  constructor() {
    this.#starts.push(0);
  }

  /** @param key larger than every earlier key */
  set(key: number, value: Uint8Array): void {
    if (this.#used + value.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + value.length));
      grown.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = grown;
    }
    this.#bytes.set(value, this.#used);
    this.#used += value.length;
    this.#keys.push(key);
    this.#starts.push(this.#used);
  }

  finish(): SparseBytes {
    return {
      keys: this.#keys.finish(),
      starts: this.#starts.finish(),
      bytes: this.#bytes.slice(0, this.#used),
    };
  }
}
