import { firstSlot, SLOTS_PER_PATH, hash, idBitsOf, SEED, slotsFor } from './path-hash.ts';
import { HEAP, type TableRoom } from './table-room.ts';

const EMPTY = new Uint8Array(0);

/** Longest name in bytes. No file system allows more; the rest of a longer name is dropped. */
export const MAX_NAME = 0xffff;

/** The root directory's id in every table. */
export const ROOT = 0;

/** Most bytes of names to allocate in advance. */
const MAX_NAMES_AHEAD = 64 << 20;

/** The arrays of a table, for the WebAssembly loop that works on them. */
export interface TableArrays {
  readonly parent: Uint32Array;
  readonly nameEnd: Uint32Array;
  readonly firstChild: Uint32Array;
  readonly nextSibling: Uint32Array;
  readonly names: Uint8Array;
  readonly slots: Uint32Array;
  readonly idBits: number;
  readonly seed: number;
}

/** Slots are accessed at random, so all get touched: allocate at most this many times the current paths at once. */
const SLOTS_AHEAD = 4;
/** Number of paths that the first slots have room for. */
const INITIAL_PATHS = 2048;

/**
 * Stores every path of an image once, as (parent, name) with raw name bytes. A parent always has a
 * smaller id than its children, so passes over a tree are loops over arrays.
 *
 * Ids are dense from 0, the root. Lookups go through an open-addressing hash table.
 */
export class PathTable {
  #count = 1;
  #parent: Uint32Array;
  /** The end of each name. Names are stored one after the other, in the order of the ids. */
  #nameEnd: Uint32Array;
  #firstChild: Uint32Array;
  #nextSibling: Uint32Array;
  #names: Uint8Array;
  #namesUsed = 0;
  /** Ids by hash, 0 for an empty slot. The bits above the id hold a part of the hash, see {@link idBitsOf}. */
  #slots: Uint32Array;
  #idBits: number;
  #expected: number;
  /** Allocates the arrays. */
  readonly room: TableRoom;
  #growths = 0;

  /**
   * @param expected expected number of paths: arrays that a table has outgrown stay in memory for a long time
   * @param room allocates the arrays
   */
  constructor(expected = 1000, room: TableRoom = HEAP) {
    const size = Math.max(16, expected);
    this.#expected = size;
    this.room = room;
    this.#parent = room.words(size);
    this.#nameEnd = room.words(size);
    this.#firstChild = room.words(size);
    this.#nextSibling = room.words(size);
    this.#names = room.bytes(size * 16);
    this.#slots = room.words(slotsFor(Math.min(size, INITIAL_PATHS)));
    this.#idBits = idBitsOf(this.#slots);
  }

  /** How often the table has replaced its arrays. */
  get growths(): number {
    return this.#growths;
  }

  /** The arrays themselves, valid until the table grows. */
  get arrays(): TableArrays {
    return {
      parent: this.#parent,
      nameEnd: this.#nameEnd,
      firstChild: this.#firstChild,
      nextSibling: this.#nextSibling,
      names: this.#names,
      slots: this.#slots,
      idBits: this.#idBits,
      seed: SEED,
    };
  }

  /** Bytes of all names. */
  get namesUsed(): number {
    return this.#namesUsed;
  }

  /** Called after an external loop (WebAssembly) has inserted paths; updates the counters. */
  filled(count: number, namesUsed: number): void {
    this.#count = count;
    this.#namesUsed = namesUsed;
  }

  /** Announces how many paths to expect in the end. Room for them is made when the current room is used up. */
  foresee(paths: number): void {
    this.#expected = Math.max(this.#expected, paths);
  }

  /** Number of paths, including the root. */
  get count(): number {
    return this.#count;
  }

  parent(id: number): number {
    return this.#parent[id]!;
  }

  /** Returns the first child, or 0 if there is none. Children are linked newest first. */
  firstChild(id: number): number {
    return this.#firstChild[id]!;
  }

  nextSibling(id: number): number {
    return this.#nextSibling[id]!;
  }

  /** Returns the raw bytes of the last segment, as a read-only view. */
  name(id: number): Uint8Array {
    return this.#names.subarray(this.#nameStart(id), this.#nameEnd[id]!);
  }

  #nameStart(id: number): number {
    return id === ROOT ? 0 : this.#nameEnd[id - 1]!;
  }

  /** The parent column, for passes over all paths. Valid until the next insertion. */
  get parents(): Uint32Array {
    return this.#parent.subarray(0, this.#count);
  }

  /** Returns the raw bytes of the whole path, with a leading slash; `/` for the root. */
  path(id: number): Uint8Array {
    if (id === ROOT) return Uint8Array.of(0x2f);
    let length = 0;
    for (let at = id; at !== ROOT; at = this.#parent[at]!) {
      length += this.#nameEnd[at]! - this.#nameStart(at) + 1;
    }
    const bytes = new Uint8Array(length);
    let end = length;
    for (let at = id; at !== ROOT; at = this.#parent[at]!) {
      // Names are short: creating a view of each would take longer than copying its bytes.
      const start = this.#nameStart(at);
      for (let i = this.#nameEnd[at]! - 1; i >= start; i--) bytes[--end] = this.#names[i]!;
      bytes[--end] = 0x2f;
    }
    return bytes;
  }

  /** Returns the number of directories above a path; 0 for the root. */
  depth(id: number): number {
    let depth = 0;
    for (let at = id; at !== ROOT; at = this.#parent[at]!) depth++;
    return depth;
  }

  /** Returns the child with that name, or -1. */
  find(parent: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
    const stop = Math.min(end, start + MAX_NAME);
    const slot = this.#slotOf(parent, bytes, start, stop, hash(parent, bytes, start, stop));
    return slot < 0 ? -1 : this.#idIn(this.#slots[slot]!);
  }

  /** Returns the path with those bytes, or -1. Slashes separate segments; empty and `.` segments are skipped. */
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

  /** Returns the child with that name. Adds it if it does not exist. */
  child(parent: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
    const stop = Math.min(end, start + MAX_NAME);
    const hashed = hash(parent, bytes, start, stop);
    const slot = this.#slotOf(parent, bytes, start, stop, hashed);
    return slot < 0 ? this.#insert(parent, bytes, start, stop, hashed) : this.#idIn(this.#slots[slot]!);
  }

  /** Returns the slot of a path, or -1. */
  #slotOf(parent: number, bytes: Uint8Array, start: number, end: number, hashed: number): number {
    const slots = this.#slots;
    const idBits = this.#idBits;
    for (let slot = firstSlot(hashed, slots.length); ;) {
      const held = slots[slot]!;
      if (held === 0) return -1;
      // Compare the hash bits stored in the slot first; most collisions are rejected without reading the columns.
      if ((held ^ (hashed << idBits)) >>> idBits === 0) {
        const id = this.#idIn(held);
        if (this.#parent[id] === parent && this.#sameName(id, bytes, start, end)) return slot;
      }
      if (++slot === slots.length) slot = 0;
    }
  }

  /** Returns the id in a slot, without the hash bits above it. */
  #idIn(held: number): number {
    return held & (2 ** this.#idBits - 1);
  }

  #insert(parent: number, bytes: Uint8Array, start: number, end: number, hashed: number): number {
    if ((this.#count + 1) * SLOTS_PER_PATH > this.#slots.length) this.#growSlots();
    const id = this.#count++;
    const length = end - start;
    if (id >= this.#parent.length) this.#growColumns(Math.max(this.#expected, Math.ceil(id * 1.5)));
    const used = this.#namesUsed + length;
    if (used > this.#names.length) this.#growNames(used);
    const names = this.#names;
    const at = this.#namesUsed;
    // Names are short: creating a view costs more than copying their bytes.
    for (let i = 0; i < length; i++) names[at + i] = bytes[start + i]!;
    this.#parent[id] = parent;
    this.#namesUsed = at + length;
    this.#nameEnd[id] = this.#namesUsed;
    this.#nextSibling[id] = this.#firstChild[parent]!;
    this.#firstChild[parent] = id;
    this.#place(id, hashed);
    return id;
  }

  #place(id: number, hashed: number): void {
    const slots = this.#slots;
    let slot = firstSlot(hashed, slots.length);
    while (slots[slot] !== 0) if (++slot === slots.length) slot = 0;
    slots[slot] = id | (hashed << this.#idBits);
  }

  #sameName(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    const at = this.#nameStart(id);
    if (this.#nameEnd[id] !== at + length) return false;
    const names = this.#names;
    for (let i = 0; i < length; i++) if (names[at + i] !== bytes[start + i]) return false;
    return true;
  }

  #growColumns(size: number): void {
    this.#growths++;
    this.#parent = grown(this.#parent, this.room.words(size));
    this.#nameEnd = grown(this.#nameEnd, this.room.words(size));
    this.#firstChild = grown(this.#firstChild, this.room.words(size));
    this.#nextSibling = grown(this.#nextSibling, this.room.words(size));
  }

  /** @param used bytes of all names so far; their average length predicts the length of those to come */
  #growNames(used: number): void {
    const estimated = Math.min(MAX_NAMES_AHEAD, Math.ceil((used / this.#count) * this.#expected));
    this.#growths++;
    this.#names = grown(this.#names, this.room.bytes(Math.max(estimated, Math.ceil(used * 1.5))));
  }

  #growSlots(): void {
    const ahead = Math.min(this.#expected, this.#count * SLOTS_AHEAD);
    this.#growths++;
    this.#slots = this.room.words(slotsFor(Math.max(ahead, Math.ceil(this.#count * 1.6))));
    this.#idBits = idBitsOf(this.#slots);
    for (let id = 1; id < this.#count; id++) {
      this.#place(id, hash(this.#parent[id]!, this.#names, this.#nameStart(id), this.#nameEnd[id]!));
    }
  }

  /** Returns a copy of the paths, for a message to another thread. */
  columns(): PathColumns {
    const views = this.#views();
    return {
      count: views.count,
      parent: views.parent.slice(),
      nameEnd: views.nameEnd.slice(),
      names: views.names.slice(),
    };
  }

  /** Returns the columns as transferable arrays; the table must not be used afterwards. */
  release(): PathColumns {
    // Arrays in memory that belongs to another owner must not be transferred.
    if (this.room !== HEAP) return this.columns();
    const columns = this.#views();
    this.#names = EMPTY;
    return columns;
  }

  #views(): PathColumns {
    return {
      count: this.#count,
      parent: this.#parent.subarray(0, this.#count),
      nameEnd: this.#nameEnd.subarray(0, this.#count),
      names: this.#names.subarray(0, this.#namesUsed),
    };
  }

  /**
   * Adds every path of another table.
   * @returns this table's id for each id of the other table
   */
  merge(columns: PathColumns): Uint32Array {
    const ids = new Uint32Array(columns.count);
    if (this.#count === 1) this.foresee(columns.count);
    for (let i = 1; i < columns.count; i++) {
      const { names, nameEnd, parent } = columns;
      ids[i] = this.child(ids[parent[i]!]!, names, nameEnd[i - 1]!, nameEnd[i]!);
    }
    return ids;
  }
}

/** A table as plain arrays, for a message between threads. */
export interface PathColumns {
  readonly count: number;
  readonly parent: Uint32Array;
  readonly nameEnd: Uint32Array;
  readonly names: Uint8Array;
}

function grown<T extends Uint8Array | Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
