import { WASM } from '../assembly/plain-members.wasm.ts';
import { EntryType } from '../tar/member.ts';
import { Flag } from '../tar/typeflag.ts';
import { PathTable } from './path-table.ts';
import type { TableRoom } from './table-room.ts';

const PAGE = 65536;
/** A path table takes less than this fraction of its tars, unless an image is built to attack the program. */
const ROOM_PER_TAR_BYTE = 1 / 8;
const MIN_ROOM = 4 << 20;
/** Smaller tars are read before the loop has even been started. */
const MIN_TARS = 1 << 20;
const MAX_ROOM = 512 << 20;
/** Pages in front of the room, for the columns and the window. */
const FIXED_PAGES = 4;
/** Alignment of arrays, in bytes. */
const ALIGNMENT = 16;

/** The exports of the module (see assembly/plain-members.as.ts). */
interface Exports {
  readonly run: (first: number, stop: number, pathCount: number, namesUsed: number, leave: number) => number;
  readonly columnsAt: (
    parent: number,
    nameEnd: number,
    firstChild: number,
    nextSibling: number,
    count: number,
  ) => void;
  readonly namesAt: (bytes: number, length: number) => void;
  readonly slotsAt: (first: number, count: number, idBits: number, seed: number) => void;
  readonly forgetFolder: () => void;
  readonly next: Variable;
  readonly dataEnd: Variable;
  readonly paths: Variable;
  readonly namesUsed: Variable;
  readonly MAX_MEMBERS: Variable;
  readonly PATH: Variable;
  readonly UID: Variable;
  readonly GID: Variable;
  readonly HEADER: Variable;
  readonly OWN_HEADER: Variable;
  readonly SIZE: Variable;
  readonly MTIME: Variable;
  readonly MODE: Variable;
  readonly FLAG: Variable;
  readonly WINDOW: Variable;
  readonly WINDOW_SIZE: Variable;
  readonly FREE: Variable;
}

interface Variable {
  readonly value: number;
}

/** Returns the type for a type flag. The loop takes only files, links and directories. */
export function usualType(flag: number): EntryType {
  switch (flag) {
    case Flag.directory:
      return EntryType.directory;
    case Flag.symlink:
      return EntryType.symlink;
    case Flag.hardlink:
      return EntryType.hardlink;
    default:
      return EntryType.file;
  }
}

/** The members that a run found, valid until the next run. */
export interface MemberColumns {
  readonly path: Uint32Array;
  readonly uid: Uint32Array;
  readonly gid: Uint32Array;
  /** Addresses of the member's first header, and of its own header, see {@link UsualMembers.memory}. */
  readonly header: Uint32Array;
  readonly ownHeader: Uint32Array;
  readonly size: Float64Array;
  readonly mtime: Float64Array;
  readonly mode: Uint16Array;
  /** Type flags. */
  readonly flag: Uint8Array;
}

/**
 * Creates a path table whose arrays are in the memory of the WebAssembly loop, if there is enough to index.
 * @param tars total bytes of the tars whose paths will go into it
 * @param expected expected number of paths
 */
export function tableForTars(tars: number, expected?: number): PathTable {
  return new PathTable(expected, tars < MIN_TARS ? undefined : (UsualMembers.open(tars) ?? undefined));
}

/** Returns the loop that fills a table, or null if the table's arrays are not in a loop's memory. */
export function loopOf(paths: PathTable): UsualMembers | null {
  return paths.room instanceof UsualMembers ? paths.room : null;
}

let compiled: WebAssembly.Module | null = null;

/**
 * The WebAssembly loop that indexes members with a header of the common form, and its memory: the bytes of the
 * tar are read into it, and the path table has its arrays in it.
 */
export class UsualMembers implements TableRoom {
  /** Where to read the bytes of the tar to. */
  readonly window: Uint8Array;
  readonly columns: MemberColumns;
  /** The whole memory; an index into it is an address. */
  readonly memory: Uint8Array;
  readonly #exports: Exports;
  #free: number;
  #paths: PathTable | null = null;
  #growths = 0;
  #within = false;

  /**
   * @param tars total bytes of the tars whose paths will go into the table
   * @returns null if there is no WebAssembly, or not enough memory
   */
  static open(tars: number): UsualMembers | null {
    if (typeof WebAssembly === 'undefined') return null;
    try {
      return new UsualMembers(Math.min(MAX_ROOM, Math.max(MIN_ROOM, Math.ceil(tars * ROOM_PER_TAR_BYTE))));
    } catch (error) {
      // WebAssembly.Memory throws this if there is not enough memory.
      if (!(error instanceof RangeError)) throw error;
      return null;
    }
  }

  private constructor(room: number) {
    compiled ??= new WebAssembly.Module(Buffer.from(WASM, 'base64'));
    // Mostly address space: pages that are never written to take no memory.
    const memory = new WebAssembly.Memory({ initial: Math.ceil(room / PAGE) + FIXED_PAGES });
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    this.#exports = exports as unknown as Exports;
    const { buffer } = memory;
    const { FLAG, FREE, GID, HEADER, MODE, MAX_MEMBERS, MTIME, OWN_HEADER, PATH, SIZE, UID, WINDOW } =
      this.#exports;
    const most = MAX_MEMBERS.value;
    this.memory = new Uint8Array(buffer);
    this.window = new Uint8Array(buffer, WINDOW.value, this.#exports.WINDOW_SIZE.value);
    this.columns = {
      path: new Uint32Array(buffer, PATH.value, most),
      uid: new Uint32Array(buffer, UID.value, most),
      gid: new Uint32Array(buffer, GID.value, most),
      header: new Uint32Array(buffer, HEADER.value, most),
      ownHeader: new Uint32Array(buffer, OWN_HEADER.value, most),
      size: new Float64Array(buffer, SIZE.value, most),
      mtime: new Float64Array(buffer, MTIME.value, most),
      mode: new Uint16Array(buffer, MODE.value, most),
      flag: new Uint8Array(buffer, FLAG.value, most),
    };
    this.#free = FREE.value;
  }

  words(length: number): Uint32Array {
    const at = this.#take(length * 4);
    return at < 0 ? new Uint32Array(length) : new Uint32Array(this.memory.buffer, at, length);
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return at < 0 ? new Uint8Array(length) : this.memory.subarray(at, at + length);
  }

  /** Allocates bytes and returns their address; -1 if the memory is full: the table then continues outside. */
  #take(length: number): number {
    const at = this.#free;
    if (at + length > this.memory.length) return -1;
    this.#free = Math.ceil((at + length) / ALIGNMENT) * ALIGNMENT;
    return at;
  }

  /** Address of the next member that was not taken; it may be beyond the window. */
  get next(): number {
    return this.#exports.next.value;
  }

  /** Address of the end of the last member's bytes. */
  get dataEnd(): number {
    return this.#exports.dataEnd.value;
  }

  /** Reports whether bytes are in this memory. */
  holds(bytes: Uint8Array | Uint32Array): boolean {
    return bytes.buffer === this.memory.buffer;
  }

  /**
   * Takes consecutive members of the common form, as many as there are.
   * @param paths the table, whose arrays are in this memory, or were before it grew
   * @param first address of the first header
   * @param stop address of the end of the tar's bytes
   * @param leave files at paths below this id are not taken, because their contents are needed
   * @returns the number of members now in the columns
   */
  run(paths: PathTable, first: number, stop: number, leave: number): number {
    if (this.#paths !== paths || this.#growths !== paths.growths) this.#lookAt(paths);
    if (!this.#within) return 0;
    const { namesUsed, paths: count, run } = this.#exports;
    const members = run(first, stop, paths.count, paths.namesUsed, leave);
    paths.filled(count.value, namesUsed.value);
    return members;
  }

  #lookAt(paths: PathTable): void {
    const { firstChild, idBits, nameEnd, names, nextSibling, parent, seed, slots } = paths.arrays;
    if (this.#paths !== paths) this.#exports.forgetFolder();
    this.#paths = paths;
    this.#growths = paths.growths;
    this.#within = [firstChild, nameEnd, names, nextSibling, parent, slots].every((array) =>
      this.holds(array),
    );
    if (!this.#within) return;
    const [a, b, c, d] = [parent, nameEnd, firstChild, nextSibling].map(({ byteOffset }) => byteOffset);
    this.#exports.columnsAt(a!, b!, c!, d!, parent.length);
    this.#exports.namesAt(names.byteOffset, names.length);
    this.#exports.slotsAt(slots.byteOffset, slots.length, idBits, seed);
  }
}
