import { EntryType, isLink, type TarMember, type TarWarning } from '../tar/member.ts';
import { BLOCK, linkTarget } from '../tar/header.ts';
import { paxXattrs } from '../tar/pax.ts';
import { EntryFlag, type EntryExtras, type LayerColumns } from './index-columns.ts';
import type { PathTable } from './path-table.ts';
import { SparseBytesBuilder } from './sparse-bytes.ts';
import { type UsualMembers, usualType } from './usual-members.ts';
import { LARGE_NUMBERS, SMALL_NUMBERS, WideningColumn } from './widening-column.ts';

/** As many entries as these tell how many are to come, where the tar's size is known. */
const FEW = 2048;
/** User and group ids are unsigned numbers of 32 bits (Linux, posix_types.h). */
const MAX_OWNER = 0xffffffff;
/** Room is made for no more entries than this on the strength of those before. */
const MOST_FORESEEN = 4_000_000;
/** Room is made for so many times what is foreseen: room that is not written to is no memory. */
const AMPLE = 1.25;

/** How many entries to make room for. */
export interface ExpectedEntries {
  /** How many entries there may be; growing step by step costs more. */
  readonly expected?: number;
  /** Bytes of the whole tar, where known: tells, once some of it has been read, how many entries come. */
  readonly tarSize?: number;
  /** Bytes of the tars whose paths go into the same table, this one and those to come. */
  readonly ahead?: number;
}

/** The columns that have a value for each entry. */
type ColumnsOfEntries = Omit<LayerColumns, 'whiteoutPath' | 'whiteoutKind' | 'whiteoutBlock'>;

/** The columns of a layer's entries, as they grow. */
export class EntryColumns {
  readonly #paths: PathTable;
  readonly #warn: (warning: TarWarning) => void;
  readonly #tarSize: number | null;
  readonly #ahead: number;
  #count = 0;
  #capacity: number;
  #path: Uint32Array;
  #type: Uint8Array;
  #flags: Uint8Array;
  #mode: Uint16Array;
  readonly #uid: WideningColumn;
  readonly #gid: WideningColumn;
  readonly #size: WideningColumn;
  readonly #mtime: WideningColumn;
  #headerBlock: Uint32Array;
  #dataBlocks: Uint8Array;
  readonly #links = new SparseBytesBuilder();
  readonly #rawNames = new SparseBytesBuilder();
  readonly #extras = new Map<number, EntryExtras>();

  /** @param paths the table that the entries' paths are in, told how many are to come */
  constructor(options: ExpectedEntries, paths: PathTable, warn: (warning: TarWarning) => void) {
    this.#paths = paths;
    this.#warn = warn;
    this.#tarSize = options.tarSize ?? null;
    this.#ahead = options.ahead ?? options.tarSize ?? 0;
    const size = options.expected ?? 1000;
    const room = options.tarSize === undefined ? size : Math.min(size, FEW);
    this.#capacity = room;
    this.#path = new Uint32Array(room);
    this.#type = new Uint8Array(room);
    this.#flags = new Uint8Array(room);
    this.#mode = new Uint16Array(room);
    this.#uid = new WideningColumn(SMALL_NUMBERS, room);
    this.#gid = new WideningColumn(SMALL_NUMBERS, room);
    this.#size = new WideningColumn(LARGE_NUMBERS, room);
    this.#mtime = new WideningColumn(LARGE_NUMBERS, room);
    this.#headerBlock = new Uint32Array(room);
    this.#dataBlocks = new Uint8Array(room);
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Adds an entry for a member.
   * @param isOutside its name leads out of the root
   * @param isPlain its name is its path without the leading slash
   */
  add(path: number, member: TarMember, isOutside: boolean, isPlain: boolean): void {
    const i = this.#count++;
    if (i === this.#capacity) this.#grow(member.headerOffset);
    this.#path[i] = path;
    this.#type[i] = member.type;
    this.#mode[i] = member.mode;
    this.#uid.set(i, this.#owner(member.uid, 'uid', member));
    this.#gid.set(i, this.#owner(member.gid, 'gid', member));
    this.#size.set(i, member.size);
    this.#mtime.set(i, member.mtime);
    this.#headerBlock[i] = member.headerOffset / BLOCK;
    this.#dataBlocks[i] = fewBlocks(member.dataOffset - member.headerOffset);
    let flags = member.sparse === null ? 0 : EntryFlag.sparse;
    if (isOutside) flags |= EntryFlag.outside;
    this.#flags[i] = flags;
    if (isLink(member.type)) this.#keepLink(i, member.linkname);
    if (!isPlain) this.#rawNames.set(i, member.name);
    if (member.pax !== null || isDevice(member.type)) this.#keepExtras(i, member);
  }

  /**
   * Adds the entries that a run of the loop found.
   * @param ahead how far an address there is from the offset in the tar
   */
  addRun({ columns, memory }: UsualMembers, members: number, ahead: number): void {
    const { flag, gid, header, mode, mtime, ownHeader, path, size, uid } = columns;
    for (let k = 0; k < members; k++) {
      const i = this.#count++;
      const headerOffset = header[k]! + ahead;
      if (i === this.#capacity) this.#grow(headerOffset);
      const type = usualType(flag[k]!);
      this.#path[i] = path[k]!;
      this.#type[i] = type;
      this.#mode[i] = mode[k]!;
      this.#uid.set(i, uid[k]!);
      this.#gid.set(i, gid[k]!);
      this.#size.set(i, size[k]!);
      this.#mtime.set(i, mtime[k]!);
      this.#headerBlock[i] = headerOffset / BLOCK;
      this.#dataBlocks[i] = fewBlocks(ownHeader[k]! + BLOCK - header[k]!);
      if (isLink(type)) this.#keepLink(i, linkTarget(memory, ownHeader[k]!));
    }
  }

  /** No Linux system can give a file such an owner: the largest number that it could says so. */
  #owner(id: number, what: string, { headerOffset }: TarMember): number {
    if (id >= 0 && id <= MAX_OWNER) return id;
    this.#warn({
      code: 'bad-number',
      offset: headerOffset,
      message: `the ${what} ${id} of a member is beyond 32 bits`,
    });
    return MAX_OWNER;
  }

  #keepLink(i: number, target: Uint8Array): void {
    if (target.length > 0) this.#links.set(i, target);
  }

  #keepExtras(i: number, member: TarMember): void {
    const xattrs = member.pax === null ? null : paxXattrs(member.pax);
    const device = isDevice(member.type);
    if (xattrs === null && !device) return;
    this.#extras.set(i, {
      ...(xattrs === null ? {} : { xattrs }),
      ...(device ? { device: [member.devmajor, member.devminor] as const } : {}),
    });
  }

  /**
   * The finished columns; nothing may be added afterwards. They are views: pages that were never
   * written to cost nothing, a copy would.
   */
  finish(): ColumnsOfEntries {
    const n = this.#count;
    return {
      count: n,
      path: this.#path.subarray(0, n),
      type: this.#type.subarray(0, n),
      flags: this.#flags.subarray(0, n),
      mode: this.#mode.subarray(0, n),
      uid: this.#uid.finish(n),
      gid: this.#gid.finish(n),
      size: this.#size.finish(n),
      mtime: this.#mtime.finish(n),
      headerBlock: this.#headerBlock.subarray(0, n),
      dataBlocks: this.#dataBlocks.subarray(0, n),
      links: this.#links.finish(),
      rawNames: this.#rawNames.finish(),
      extras: this.#extras,
    };
  }

  /** @param offset how far into the tar the entry stands that has no room */
  #grow(offset: number): void {
    const foreseen = (bytes: number): number =>
      Math.ceil(Math.min((AMPLE * this.#count * bytes) / Math.max(offset, BLOCK), MOST_FORESEEN));
    const size = Math.max(Math.ceil(this.#capacity * 1.5), foreseen(this.#tarSize ?? 0));
    this.#paths.foresee(this.#paths.count + foreseen(this.#ahead));
    this.#path = filled(this.#path, new Uint32Array(size));
    this.#type = filled(this.#type, new Uint8Array(size));
    this.#flags = filled(this.#flags, new Uint8Array(size));
    this.#mode = filled(this.#mode, new Uint16Array(size));
    for (const column of [this.#uid, this.#gid, this.#size, this.#mtime]) column.resize(size);
    this.#headerBlock = filled(this.#headerBlock, new Uint32Array(size));
    this.#dataBlocks = filled(this.#dataBlocks, new Uint8Array(size));
    this.#capacity = size;
  }
}

/** Fills the beginning of an array with another one. */
function filled<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Bytes of headers in blocks; 0 for more than a byte says. */
function fewBlocks(bytes: number): number {
  const blocks = bytes / BLOCK;
  return blocks > 0xff ? 0 : blocks;
}

function isDevice(type: EntryType): boolean {
  return type === EntryType.character || type === EntryType.block;
}
