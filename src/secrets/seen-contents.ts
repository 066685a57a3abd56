import { randomFillSync } from 'node:crypto';
import { WASM } from '../assembly/content-tag.wasm.ts';

/** The longest content that is told apart, in bytes. */
export const MOST_TAGGED = 256 * 1024;
/** A tag is computed in steps of so many bytes; up to the last of them zeros stand behind a content. */
export const TAG_STEP = 32;
/** Random bytes: as many as the longest content has, and what the second sum takes more. */
const KEY_BYTES = MOST_TAGGED + 64;
/** Contents of which it is remembered that nothing is in them. More than these are looked through again. */
const SLOTS = 1 << 18;
const WORDS = 4;
/** Slots that are looked at for one content. */
const PROBES = 16;

/**
 * What tells a content from all others: two sums of 64 bits (see assembly/content-tag.as.ts), and what it was for. As
 * signed words, which V8 keeps unboxed.
 */
export interface Tag {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

export function sameTag(one: Tag, other: Tag): boolean {
  return one.a === other.a && one.b === other.b && one.c === other.c && one.d === other.d;
}

/** Room that a thread's scanner keeps in its memory for {@link SeenContents}, in bytes. */
export const TAG_ROOM = KEY_BYTES + 16;

/** Memory in which threads tell each other what they have seen, and the key of their tags. */
export function sharedSeen(): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(KEY_BYTES + SLOTS * WORDS * 4);
  randomFillSync(new Uint8Array(shared, 0, KEY_BYTES));
  return shared;
}

type Sum = (start: number, length: number, key: number, out: number) => void;

let compiled: WebAssembly.Module | null = null;

/**
 * Remembers in which contents nothing was found: the same ones come again in other layers and under other names,
 * and are looked through once.
 */
export class SeenContents {
  readonly #slots: Int32Array;
  readonly #sum: Sum;
  readonly #bytes: Uint8Array;
  readonly #out: Int32Array;
  readonly #keyAt: number;

  /**
   * @param shared see {@link sharedSeen}
   * @param memory of the scanner, which holds the contents
   * @param roomAt address of {@link TAG_ROOM} bytes there, a multiple of eight
   */
  constructor(shared: SharedArrayBuffer, memory: WebAssembly.Memory, roomAt: number) {
    this.#slots = new Int32Array(shared, KEY_BYTES);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#bytes.set(new Uint8Array(shared, 0, KEY_BYTES), roomAt);
    this.#keyAt = roomAt;
    this.#out = new Int32Array(memory.buffer, roomAt + KEY_BYTES, WORDS);
    compiled ??= new WebAssembly.Module(Buffer.from(WASM, 'base64'));
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    this.#sum = exports['sum'] as Sum;
  }

  /**
   * The tag of a content in the scanner's memory. Up to {@link TAG_STEP} bytes behind it become zeros.
   * @param length at most {@link MOST_TAGGED}
   * @param purpose a small number: contents that are alike count as one for the same purpose only
   */
  tag(address: number, length: number, purpose: number): Tag {
    this.#bytes.fill(0, address + length, address + length + TAG_STEP);
    this.#sum(address, length, this.#keyAt, this.#keyAt + KEY_BYTES);
    const out = this.#out;
    return { a: out[0]!, b: out[1]!, c: out[2]!, d: out[3]! ^ Math.imul(purpose, 0x9e3779b1) };
  }

  has({ a, b, c, d }: Tag): boolean {
    const slots = this.#slots;
    for (let probe = 0; probe < PROBES; probe++) {
      const at = ((a + probe) & (SLOTS - 1)) * WORDS;
      if (slots[at] === 0 && slots[at + 1] === 0) return false;
      if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === c && slots[at + 3] === d) return true;
    }
    return false;
  }

  /**
   * Nothing is in the content of that tag. Two threads may write to one slot at once: what stands there then is no
   * content's tag, and theirs are looked through again.
   */
  add({ a, b, c, d }: Tag): void {
    const slots = this.#slots;
    for (let probe = 0; probe < PROBES; probe++) {
      const at = ((a + probe) & (SLOTS - 1)) * WORDS;
      if (slots[at] !== 0 || slots[at + 1] !== 0) continue;
      slots[at + 3] = d;
      slots[at + 2] = c;
      slots[at + 1] = b;
      slots[at] = a;
      return;
    }
  }
}
