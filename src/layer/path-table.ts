import { randomInt } from 'node:crypto';

/** Names come from strangers: a seed they do not know keeps them from filling one slot with all of them. */
const SEED = randomInt(2 ** 32) | 0;

const EMPTY = new Uint8Array(0);

/** A longer name cannot exist on any file system; its tail is dropped. */
export const MAX_NAME = 0xffff;

/** The root folder's id in every table. */
export const ROOT = 0;

/** At least so many slots for each path: fewer make lookups longer, more are memory that is touched at random. */
const FULLEST = 1.5;

/** A power of two. */
function slotsFor(paths: number): number {
  return 2 ** Math.ceil(Math.log2(paths * FULLEST));
}

/**
 * Every path of an image once, as (parent, name) with raw name bytes. A parent always has a
 * smaller id than its children, so passes over a tree are loops over arrays.
 *
 * Ids are dense from 0, the root. Lookups go through an open-addressing hash table.
 */
export class PathTable {
  #count = 1;
  #parent: Uint32Array;
  #nameStart: Uint32Array;
  #nameLength: Uint16Array;
  #firstChild: Uint32Array;
  #nextSibling: Uint32Array;
  #names: Uint8Array;
  #namesUsed = 0;
  #slots: Uint32Array;

  /** @param expected how many paths there may be; growing step by step costs more */
  constructor(expected = 1000) {
    const size = Math.max(16, expected);
    this.#parent = new Uint32Array(size);
    this.#nameStart = new Uint32Array(size);
    this.#nameLength = new Uint16Array(size);
    this.#firstChild = new Uint32Array(size);
    this.#nextSibling = new Uint32Array(size);
    this.#names = new Uint8Array(size * 16);
    this.#slots = new Uint32Array(slotsFor(size));
  }

  /** Makes room for so many more paths: growing step by step leaves what was grown out of in memory. */
  reserve(more: number): void {
    const wanted = this.#count + more;
    if (wanted > this.#parent.length) this.#growColumns(wanted);
    if (slotsFor(wanted) > this.#slots.length) this.#growSlots(slotsFor(wanted));
    const names = Math.ceil((this.#namesUsed / this.#count) * wanted);
    if (names > this.#names.length) this.#growNames(names - this.#namesUsed);
  }

  /** How many paths there are, the root included. */
  get count(): number {
    return this.#count;
  }

  parent(id: number): number {
    return this.#parent[id]!;
  }

  /** First child, or 0 where there is none. Children are linked newest first. */
  firstChild(id: number): number {
    return this.#firstChild[id]!;
  }

  nextSibling(id: number): number {
    return this.#nextSibling[id]!;
  }

  /** Raw bytes of the last segment; a view, not to be written. */
  name(id: number): Uint8Array {
    const start = this.#nameStart[id]!;
    return this.#names.subarray(start, start + this.#nameLength[id]!);
  }

  /** The parent column as it stands, for passes over all paths. Valid until the next insertion. */
  get parents(): Uint32Array {
    return this.#parent.subarray(0, this.#count);
  }

  /** Raw bytes of the whole path, with a leading slash; `/` for the root. */
  path(id: number): Uint8Array {
    if (id === ROOT) return Uint8Array.of(0x2f);
    let length = 0;
    for (let at = id; at !== ROOT; at = this.#parent[at]!) length += this.#nameLength[at]! + 1;
    const bytes = new Uint8Array(length);
    let end = length;
    for (let at = id; at !== ROOT; at = this.#parent[at]!) {
      // Names are short: a view of each would take longer than its bytes.
      const start = this.#nameStart[at]!;
      for (let i = this.#nameLength[at]! - 1; i >= 0; i--) bytes[--end] = this.#names[start + i]!;
      bytes[--end] = 0x2f;
    }
    return bytes;
  }

  /** How many folders lie above a path: 0 for the root. */
  depth(id: number): number {
    let depth = 0;
    for (let at = id; at !== ROOT; at = this.#parent[at]!) depth++;
    return depth;
  }

  /** The child of that name, or -1. */
  find(parent: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
    const stop = Math.min(end, start + MAX_NAME);
    const slot = this.#slotOf(parent, bytes, start, stop, hash(parent, bytes, start, stop));
    return slot < 0 ? -1 : this.#slots[slot]!;
  }

  /** The path of those bytes, segments separated by slashes, or -1. Empty and `.` segments are passed over. */
  lookup(path: Uint8Array): number {
    let id = ROOT;
    for (let start = 0; start < path.length;) {
      let end = path.indexOf(0x2f, start);
      if (end < 0) end = path.length;
      const dot = end - start === 1 && path[start] === 0x2e;
      if (end > start && !dot) {
        id = this.find(id, path, start, end);
        if (id < 0) return -1;
      }
      start = end + 1;
    }
    return id;
  }

  /** The child of that name, made where it is not there yet. */
  child(parent: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
    const stop = Math.min(end, start + MAX_NAME);
    const hashed = hash(parent, bytes, start, stop);
    const slot = this.#slotOf(parent, bytes, start, stop, hashed);
    return slot < 0 ? this.#insert(parent, bytes, start, stop, hashed) : this.#slots[slot]!;
  }

  /** The slot of a path, or -1. */
  #slotOf(parent: number, bytes: Uint8Array, start: number, end: number, hashed: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hashed & mask; ; slot = (slot + 1) & mask) {
      const id = slots[slot]!;
      if (id === 0) return -1;
      if (this.#parent[id] === parent && this.#sameName(id, bytes, start, end)) return slot;
    }
  }

  #insert(parent: number, bytes: Uint8Array, start: number, end: number, hashed: number): number {
    if ((this.#count + 1) * FULLEST > this.#slots.length) this.#growSlots(this.#slots.length * 2);
    const id = this.#count++;
    const length = end - start;
    if (id >= this.#parent.length) this.#growColumns();
    if (this.#namesUsed + length > this.#names.length) this.#growNames(length);
    const names = this.#names;
    const at = this.#namesUsed;
    // Names are short: a view on them costs more than their bytes.
    for (let i = 0; i < length; i++) names[at + i] = bytes[start + i]!;
    this.#parent[id] = parent;
    this.#nameStart[id] = at;
    this.#nameLength[id] = length;
    this.#namesUsed = at + length;
    this.#nextSibling[id] = this.#firstChild[parent]!;
    this.#firstChild[parent] = id;
    this.#place(id, hashed);
    return id;
  }

  #place(id: number, hashed: number): void {
    const mask = this.#slots.length - 1;
    let slot = hashed & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = id;
  }

  #sameName(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const length = this.#nameLength[id]!;
    if (length !== end - start) return false;
    const at = this.#nameStart[id]!;
    const names = this.#names;
    for (let i = 0; i < length; i++) if (names[at + i] !== bytes[start + i]) return false;
    return true;
  }

  #growColumns(least = 0): void {
    const size = Math.max(least, Math.ceil(this.#parent.length * 1.5));
    this.#parent = grown(this.#parent, new Uint32Array(size));
    this.#nameStart = grown(this.#nameStart, new Uint32Array(size));
    this.#nameLength = grown(this.#nameLength, new Uint16Array(size));
    this.#firstChild = grown(this.#firstChild, new Uint32Array(size));
    this.#nextSibling = grown(this.#nextSibling, new Uint32Array(size));
  }

  #growNames(length: number): void {
    const size = Math.ceil(Math.max(this.#names.length * 1.5, this.#namesUsed + length));
    this.#names = grown(this.#names, new Uint8Array(size));
  }

  #growSlots(size: number): void {
    this.#slots = new Uint32Array(size);
    for (let id = 1; id < this.#count; id++) {
      const start = this.#nameStart[id]!;
      this.#place(id, hash(this.#parent[id]!, this.#names, start, start + this.#nameLength[id]!));
    }
  }

  /** A copy of the paths as they stand: for a message to another thread. */
  columns(): PathColumns {
    const views = this.#views();
    return {
      count: views.count,
      parent: views.parent.slice(),
      nameStart: views.nameStart.slice(),
      nameLength: views.nameLength.slice(),
      names: views.names.slice(),
    };
  }

  /** The columns as transferable arrays; the table must not be used afterwards. */
  release(): PathColumns {
    const columns = this.#views();
    this.#names = EMPTY;
    return columns;
  }

  #views(): PathColumns {
    return {
      count: this.#count,
      parent: this.#parent.subarray(0, this.#count),
      nameStart: this.#nameStart.subarray(0, this.#count),
      nameLength: this.#nameLength.subarray(0, this.#count),
      names: this.#names.subarray(0, this.#namesUsed),
    };
  }

  /**
   * Adds every path of another table.
   * @returns for each id over there, the id here
   */
  merge(columns: PathColumns): Uint32Array {
    const ids = new Uint32Array(columns.count);
    for (let i = 1; i < columns.count; i++) {
      const start = columns.nameStart[i]!;
      ids[i] = this.child(ids[columns.parent[i]!]!, columns.names, start, start + columns.nameLength[i]!);
    }
    return ids;
  }
}

/** A table as plain arrays, for a worker's message. */
export interface PathColumns {
  readonly count: number;
  readonly parent: Uint32Array;
  readonly nameStart: Uint32Array;
  readonly nameLength: Uint16Array;
  readonly names: Uint8Array;
}

/** FNV-1a over the parent's id and the name; a signed 32-bit number, which V8 keeps unboxed. */
function hash(parent: number, bytes: Uint8Array, start: number, end: number): number {
  let h = SEED ^ Math.imul(parent, 0x9e3779b1);
  for (let i = start; i < end; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return h ^ (h >>> 15);
}

function grown<T extends Uint8Array | Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
