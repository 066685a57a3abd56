import { firstSlot, FULLEST, hash, idBitsOf, SEED, slotsFor } from './path-hash.ts';
import { HEAP, type TableRoom } from './table-room.ts';

const EMPTY = new Uint8Array(0);

/** A longer name cannot exist on any file system; its tail is dropped. */
export const MAX_NAME = 0xffff;

/** The root folder's id in every table. */
export const ROOT = 0;

/** Bytes of names for which room is made before they come. */
const MOST_NAMES_AHEAD = 64 << 20;

/** The arrays of a table, for a loop that works on them. */
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

/** Slots are touched at random, all of them: no more are made at once than for so many times the paths there are. */
const SLOTS_AHEAD = 4;
const FEW = 2048;

/**
 * Every path of an image once, as (parent, name) with raw name bytes. A parent always has a
 * smaller id than its children, so passes over a tree are loops over arrays.
 *
 * Ids are dense from 0, the root. Lookups go through an open-addressing hash table.
 */
export class PathTable {
  #count = 1;
  #parent: Uint32Array;
  /** Where each name ends: names lie one behind the other in the order of the ids. */
  #nameEnd: Uint32Array;
  #firstChild: Uint32Array;
  #nextSibling: Uint32Array;
  #names: Uint8Array;
  #namesUsed = 0;
  /** Ids by hash; the bits that they leave free hold a piece of it, see {@link idBitsOf}. 0 for an empty slot. */
  #slots: Uint32Array;
  #idBits: number;
  #foreseen: number;
  /** Where its arrays lie. */
  readonly room: TableRoom;
  #growths = 0;

  /**
   * @param expected how many paths there may be: what a table has grown out of stays in memory for long
   * @param room where its arrays are to lie
   */
  constructor(expected = 1000, room: TableRoom = HEAP) {
    const size = Math.max(16, expected);
    this.#foreseen = size;
    this.room = room;
    this.#parent = room.words(size);
    this.#nameEnd = room.words(size);
    this.#firstChild = room.words(size);
    this.#nextSibling = room.words(size);
    this.#names = room.bytes(size * 16);
    this.#slots = room.words(slotsFor(Math.min(size, FEW)));
    this.#idBits = idBitsOf(this.#slots);
  }

  /** How often the table has taken other arrays. */
  get growths(): number {
    return this.#growths;
  }

  /** The arrays themselves, until the table grows. */
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

  /** Whoever works on the arrays has put paths into them: so many there are now. */
  filled(count: number, namesUsed: number): void {
    this.#count = count;
    this.#namesUsed = namesUsed;
  }

  /** Says how many paths there may be in the end: room for them is made when what there is has been used up. */
  foresee(paths: number): void {
    this.#foreseen = Math.max(this.#foreseen, paths);
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
    return this.#names.subarray(this.#nameStart(id), this.#nameEnd[id]!);
  }

  #nameStart(id: number): number {
    return id === ROOT ? 0 : this.#nameEnd[id - 1]!;
  }

  /** The parent column as it stands, for passes over all paths. Valid until the next insertion. */
  get parents(): Uint32Array {
    return this.#parent.subarray(0, this.#count);
  }

  /** Raw bytes of the whole path, with a leading slash; `/` for the root. */
  path(id: number): Uint8Array {
    if (id === ROOT) return Uint8Array.of(0x2f);
    let length = 0;
    for (let at = id; at !== ROOT; at = this.#parent[at]!) {
      length += this.#nameEnd[at]! - this.#nameStart(at) + 1;
    }
    const bytes = new Uint8Array(length);
    let end = length;
    for (let at = id; at !== ROOT; at = this.#parent[at]!) {
      // Names are short: a view of each would take longer than its bytes.
      const start = this.#nameStart(at);
      for (let i = this.#nameEnd[at]! - 1; i >= start; i--) bytes[--end] = this.#names[i]!;
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
    return slot < 0 ? -1 : this.#idIn(this.#slots[slot]!);
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
    return slot < 0 ? this.#insert(parent, bytes, start, stop, hashed) : this.#idIn(this.#slots[slot]!);
  }

  /** The slot of a path, or -1. */
  #slotOf(parent: number, bytes: Uint8Array, start: number, end: number, hashed: number): number {
    const slots = this.#slots;
    const idBits = this.#idBits;
    for (let slot = firstSlot(hashed, slots.length); ;) {
      const held = slots[slot]!;
      if (held === 0) return -1;
      // Of others that stand here, the columns need not be fetched from memory.
      if ((held ^ (hashed << idBits)) >>> idBits === 0) {
        const id = this.#idIn(held);
        if (this.#parent[id] === parent && this.#sameName(id, bytes, start, end)) return slot;
      }
      if (++slot === slots.length) slot = 0;
    }
  }

  /** The id that a slot holds below its piece of the hash. */
  #idIn(held: number): number {
    return held & (2 ** this.#idBits - 1);
  }

  #insert(parent: number, bytes: Uint8Array, start: number, end: number, hashed: number): number {
    if ((this.#count + 1) * FULLEST > this.#slots.length) this.#growSlots();
    const id = this.#count++;
    const length = end - start;
    if (id >= this.#parent.length) this.#growColumns(Math.max(this.#foreseen, Math.ceil(id * 1.5)));
    const used = this.#namesUsed + length;
    if (used > this.#names.length) this.#growNames(used);
    const names = this.#names;
    const at = this.#namesUsed;
    // Names are short: a view on them costs more than their bytes.
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

  /** @param used bytes of all names so far: those to come will be about as long, unless somebody means harm */
  #growNames(used: number): void {
    const foreseen = Math.min(MOST_NAMES_AHEAD, Math.ceil((used / this.#count) * this.#foreseen));
    this.#growths++;
    this.#names = grown(this.#names, this.room.bytes(Math.max(foreseen, Math.ceil(used * 1.5))));
  }

  #growSlots(): void {
    const ahead = Math.min(this.#foreseen, this.#count * SLOTS_AHEAD);
    this.#growths++;
    this.#slots = this.room.words(slotsFor(Math.max(ahead, Math.ceil(this.#count * 1.6))));
    this.#idBits = idBitsOf(this.#slots);
    for (let id = 1; id < this.#count; id++) {
      this.#place(id, hash(this.#parent[id]!, this.#names, this.#nameStart(id), this.#nameEnd[id]!));
    }
  }

  /** A copy of the paths as they stand: for a message to another thread. */
  columns(): PathColumns {
    const views = this.#views();
    return {
      count: views.count,
      parent: views.parent.slice(),
      nameEnd: views.nameEnd.slice(),
      names: views.names.slice(),
    };
  }

  /** The columns as transferable arrays; the table must not be used afterwards. */
  release(): PathColumns {
    // What lies in another's room is not the table's to give away.
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
   * @returns for each id over there, the id here
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

/** A table as plain arrays, for a worker's message. */
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
