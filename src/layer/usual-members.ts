import { WASM } from '../assembly/usual-members.wasm.ts';
import { EntryType } from '../tar/member.ts';
import { Flag } from '../tar/typeflag.ts';
import { PathTable } from './path-table.ts';
import type { TableRoom } from './table-room.ts';

const PAGE = 65536;
/** A table of paths takes less than this part of the tars whose paths go into it, unless somebody means harm. */
const SHARE = 1 / 8;
const LEAST_ROOM = 4 << 20;
/** Tars of fewer bytes are read before the loop has been started. */
const WORTH_IT = 1 << 20;
const MOST_ROOM = 512 << 20;
/** Pages before the room: for the columns and the window. */
const FIXED_PAGES = 4;
/** Arrays begin at such addresses. */
const ALIGNED = 16;

/** What the module exports (see assembly/usual-members.as.ts). */
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
  readonly MOST: Variable;
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

/** What a member of that type flag is: the loop takes no others than files, links and folders. */
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

/** What a run found of each member; valid until the next one. */
export interface MemberColumns {
  readonly path: Uint32Array;
  readonly uid: Uint32Array;
  readonly gid: Uint32Array;
  /** Where the member's first header begins, and its own: addresses, see {@link UsualMembers.memory}. */
  readonly header: Uint32Array;
  readonly ownHeader: Uint32Array;
  readonly size: Float64Array;
  readonly mtime: Float64Array;
  readonly mode: Uint16Array;
  /** Type flags. */
  readonly flag: Uint8Array;
}

/**
 * Makes a table of paths whose arrays lie in the memory of the WebAssembly loop, if there is enough to index.
 * @param tars bytes of the tars whose paths will go into it
 * @param expected how many paths there may be
 */
export function tableForTars(tars: number, expected?: number): PathTable {
  return new PathTable(expected, tars < WORTH_IT ? undefined : (UsualMembers.open(tars) ?? undefined));
}

/** The loop that fills a table, where its arrays were made to lie in the loop's memory. */
export function loopOf(paths: PathTable): UsualMembers | null {
  return paths.room instanceof UsualMembers ? paths.room : null;
}

let compiled: WebAssembly.Module | null = null;

/**
 * The loop of WebAssembly that indexes members of the usual form, and the memory it works in: the bytes of the
 * tar are read to there, and the table of paths has its arrays there.
 */
export class UsualMembers implements TableRoom {
  /** The bytes of the tar are to be read to here. */
  readonly window: Uint8Array;
  readonly columns: MemberColumns;
  /** All of the memory: a place in it is an address. */
  readonly memory: Uint8Array;
  readonly #exports: Exports;
  #free: number;
  #paths: PathTable | null = null;
  #growths = 0;
  #within = false;

  /**
   * @param tars bytes of the tars whose paths will go into the table
   * @returns null where there is no WebAssembly, or not so much memory
   */
  static open(tars: number): UsualMembers | null {
    if (typeof WebAssembly === 'undefined') return null;
    try {
      return new UsualMembers(Math.min(MOST_ROOM, Math.max(LEAST_ROOM, Math.ceil(tars * SHARE))));
    } catch (error) {
      // WebAssembly.Memory throws it if there is not so much memory.
      if (!(error instanceof RangeError)) throw error;
      return null;
    }
  }

  private constructor(room: number) {
    compiled ??= new WebAssembly.Module(Buffer.from(WASM, 'base64'));
    // Address space for the most part: what is not written to takes no memory.
    const memory = new WebAssembly.Memory({ initial: Math.ceil(room / PAGE) + FIXED_PAGES });
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    this.#exports = exports as unknown as Exports;
    const { buffer } = memory;
    const { FLAG, FREE, GID, HEADER, MODE, MOST, MTIME, OWN_HEADER, PATH, SIZE, UID, WINDOW } = this.#exports;
    const most = MOST.value;
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

  /** An address with so much room behind it; -1 where there is none: then a table goes on outside. */
  #take(length: number): number {
    const at = this.#free;
    if (at + length > this.memory.length) return -1;
    this.#free = Math.ceil((at + length) / ALIGNED) * ALIGNED;
    return at;
  }

  /** Where the next member begins that was not taken, as an address: behind the window, too. */
  get next(): number {
    return this.#exports.next.value;
  }

  /** The end of the last member's bytes, as an address. */
  get dataEnd(): number {
    return this.#exports.dataEnd.value;
  }

  /** True for bytes of this memory. */
  holds(bytes: Uint8Array | Uint32Array): boolean {
    return bytes.buffer === this.memory.buffer;
  }

  /**
   * Takes members of the usual form that stand one behind the other, as many as there are.
   * @param paths the table, whose arrays lie in this memory, or did before it grew
   * @param first where the first header begins, as an address
   * @param stop where the bytes of the tar end
   * @param leave files at paths below this one are left, since somebody wants their contents
   * @returns how many are in the columns now
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
