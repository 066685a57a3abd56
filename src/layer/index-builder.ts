import {
  EntryType,
  isLink,
  LOSSES,
  type MemberRun,
  type TarMember,
  type TarSink,
  type TarWarning,
} from '../tar/member.ts';
import { BLOCK, linkTarget } from '../tar/header.ts';
import { paxXattrs } from '../tar/pax.ts';
import {
  type ContentHashes,
  EntryFlag,
  type EntryExtras,
  type LayerColumns,
  WhiteoutKind,
} from './index-columns.ts';
import { ContentHasher } from './content-hasher.ts';
import { ContentKeeper, type KeptContents } from './content-keeper.ts';
import { FolderStack } from './folder-stack.ts';
import { NumberList } from './number-list.ts';
import { MAX_NAME, type PathColumns, PathTable } from './path-table.ts';
import { SparseBytesBuilder } from './sparse-bytes.ts';
import { loopOf, type UsualMembers, usualType } from './usual-members.ts';
import { LARGE_NUMBERS, SMALL_NUMBERS, WideningColumn } from './widening-column.ts';

const SLASH = 0x2f;
const DOT = 0x2e;
/** `.wh.` and `.wh..wh.` (image-spec, layer.md, "Whiteouts"). */
const WHITEOUT = Uint8Array.from(Buffer.from('.wh.'));
const AUFS = Uint8Array.from(Buffer.from('.wh..wh.'));
const OPAQUE = Uint8Array.from(Buffer.from('.wh..wh..opq'));
/** As many entries as these tell how many are to come, where the tar's size is known. */
const FEW = 2048;
/** User and group ids are unsigned numbers of 32 bits (Linux, posix_types.h). */
const MAX_OWNER = 0xffffffff;
/** Room is made for no more entries than this on the strength of those before. */
const MOST_FORESEEN = 4_000_000;
/** Room is made for so many times what is foreseen: room that is not written to is no memory. */
const AMPLE = 1.25;
/** Warnings beyond this many of one layer are counted, not kept: junk must not fill the memory. */
const MAX_WARNINGS = 100;

export interface IndexOptions {
  /** Whose contents to hash as they go by; needs the bodies to be fed. */
  readonly hashContents: HashContents;
  /** Paths of regular files whose contents are kept; needs the bodies to be fed, too. */
  readonly keep?: RegExp | undefined;
  /** How many entries there may be; growing step by step costs more. */
  readonly expected?: number;
  /** Bytes of the whole tar, where known: tells, once some of it has been read, how many entries come. */
  readonly tarSize?: number;
  /** Bytes of the tars whose paths go into the same table, this one and those to come. */
  readonly ahead?: number;
  /** The table to put paths into, with the loop that it may have; one of its own unless given. */
  readonly paths?: PathTable;
}

/**
 * Regular files whose content is hashed in the same pass: all, none, or those at paths that other layers
 * are known to have, since only these will have to be compared.
 */
export type HashContents = 'all' | 'none' | { readonly at: PathColumns };

/** Turns what the tar parser finds into the columns of a layer. */
export class LayerIndexBuilder implements TarSink {
  readonly paths: PathTable;
  /** Takes members of the usual form whose contents nobody wants. */
  readonly run: TarSink['run'];
  readonly window: Uint8Array | undefined;
  readonly warnings: TarWarning[] = [];
  droppedWarnings = 0;
  #losses = 0;
  readonly #tarSize: number | null;
  readonly #ahead: number;
  #capacity: number;
  #count = 0;
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
  readonly #whiteoutPath = new NumberList();
  readonly #whiteoutKind = new NumberList();
  readonly #whiteoutBlock = new NumberList();
  readonly #hasher: ContentHasher | null;
  readonly #keeper: ContentKeeper | null;
  /** The member that goes by is hashed, or kept. */
  #hashing = false;
  #keeping = false;
  /** Paths below this id have their contents hashed. */
  readonly #hashedPaths: number;
  #outside = false;
  #plain = true;
  readonly #folders: FolderStack;

  constructor(options: IndexOptions) {
    const size = options.expected ?? 1000;
    this.paths = options.paths ?? new PathTable(size);
    this.#folders = new FolderStack(this.paths);
    const { hashContents } = options;
    const loop = loopOf(this.paths);
    this.#hasher = hashContents === 'none' ? null : new ContentHasher();
    this.#keeper = options.keep === undefined ? null : new ContentKeeper(options.keep);
    // A table that is given has them already.
    if (typeof hashContents === 'object' && options.paths === undefined) this.paths.merge(hashContents.at);
    this.#hashedPaths = typeof hashContents === 'object' ? this.paths.count : Number.POSITIVE_INFINITY;
    if (loop !== null && options.keep === undefined && hashContents !== 'all') {
      const leave = this.#hasher === null ? 0 : this.#hashedPaths;
      this.run = (chunk, at, offset) => this.#takeRun(loop, leave, chunk, at, offset);
      this.window = loop.window;
    }
    this.#tarSize = options.tarSize ?? null;
    this.#ahead = options.ahead ?? options.tarSize ?? 0;
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

  warning(warning: TarWarning): void {
    const isLoss = LOSSES.has(warning.code);
    // A hundred harmless ones must not hide that something was not read.
    if (this.warnings.length < MAX_WARNINGS || (isLoss && this.#losses < MAX_WARNINGS))
      this.warnings.push(warning);
    else this.droppedWarnings++;
    if (isLoss) this.#losses++;
  }

  member(member: TarMember): boolean {
    const { nameIn: name, nameStart: first } = member;
    let end = member.nameEnd;
    const absolute = end > first && name[first] === SLASH;
    while (end > first && name[end - 1] === SLASH) end--;
    let start = end;
    while (start > first && name[start - 1] !== SLASH) start--;
    const folder = this.#folders.resolve(name, first, start - 1 - first);
    this.#outside = this.#folders.outside || absolute;
    const doubled = start > first + 1 && name[start - 2] === SLASH;
    this.#plain = this.#folders.plain && !doubled && !absolute;
    if (startsWith(name, start, end, WHITEOUT)) {
      this.#whiteout(name, start, end, folder, member.headerOffset);
      return false;
    }
    const path = this.#resolveLast(folder, name, start, end, start === first);
    this.#append(path, member);
    if (this.#hasher === null && this.#keeper === null) return false;
    if (member.type !== EntryType.file || member.sparse !== null) return false;
    this.#hashing = this.#hasher !== null && path < this.#hashedPaths;
    if (this.#hashing) this.#hasher!.begin(this.#count - 1, member.storedSize);
    this.#keeping = this.#keeper?.begin(this.#count - 1, member) ?? false;
    return this.#hashing || this.#keeping;
  }

  #takeRun(
    loop: UsualMembers,
    leave: number,
    chunk: Uint8Array,
    at: number,
    offset: number,
  ): MemberRun | null {
    if (!loop.holds(chunk)) return null;
    const start = chunk.byteOffset;
    const members = loop.run(this.paths, start + at, start + chunk.length, leave);
    if (members === 0) return null;
    const ahead = offset - start;
    this.#appendRun(loop, members, ahead);
    return { members, next: loop.next + ahead, dataEnd: loop.dataEnd + ahead };
  }

  data(chunk: Uint8Array): void {
    if (this.#hashing) this.#hasher!.data(chunk);
    if (this.#keeping) this.#keeper!.data(chunk);
  }

  endData(): void {
    if (this.#hashing) this.#hasher!.end();
    if (this.#keeping) this.#keeper!.end();
  }

  /**
   * The finished columns; the builder must not be used afterwards. They are views: pages that were never
   * written to cost nothing, a copy would.
   */
  finish(): { columns: LayerColumns; hashes: ContentHashes | null; kept: KeptContents } {
    const n = this.#count;
    const columns: LayerColumns = {
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
      whiteoutPath: this.#whiteoutPath.finish(),
      whiteoutKind: Uint8Array.from(this.#whiteoutKind.finish()),
      whiteoutBlock: this.#whiteoutBlock.finish(),
    };
    return {
      columns,
      hashes: this.#hasher?.finish() ?? null,
      kept: this.#keeper?.finish() ?? new Map<number, Uint8Array>(),
    };
  }

  #append(path: number, member: TarMember): void {
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
    if (this.#outside) flags |= EntryFlag.outside;
    this.#flags[i] = flags;
    if (isLink(member.type)) this.#keepLink(i, member.linkname);
    if (!this.#plain) this.#rawNames.set(i, member.name);
    if (member.pax !== null || isDevice(member.type)) this.#keepExtras(i, member);
  }

  /** @param ahead how far an address there is from the offset in the tar */
  #appendRun({ columns, memory }: UsualMembers, members: number, ahead: number): void {
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
    this.warning({
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

  /** The last step of a name: none for `.` and an empty name, up for `..`. */
  #resolveLast(folder: number, name: Uint8Array, start: number, end: number, only: boolean): number {
    const length = end - start;
    if (length <= 0) return folder;
    if (name[start] === DOT) {
      if (length === 1) {
        if (!only) this.#plain = false;
        return folder;
      }
      if (length === 2 && name[start + 1] === DOT) {
        this.#outside = true;
        this.#plain = false;
        return this.paths.parent(folder);
      }
    }
    if (length > MAX_NAME) this.#plain = false;
    return this.paths.child(folder, name, start, end);
  }

  #whiteout(name: Uint8Array, start: number, end: number, folder: number, headerOffset: number): void {
    const block = headerOffset / BLOCK;
    if (startsWith(name, start, end, AUFS)) {
      // The other `.wh..wh.` names are aufs' own housekeeping and hide nothing.
      if (end - start === OPAQUE.length && startsWith(name, start, end, OPAQUE)) {
        this.#keepWhiteout(folder, WhiteoutKind.opaque, block);
      }
      return;
    }
    const target = start + WHITEOUT.length;
    const length = end - target;
    const dots = length === 0 || (length <= 2 && name[target] === DOT && name[end - 1] === DOT);
    if (dots) {
      this.warning({ code: 'bad-whiteout', offset: headerOffset, message: 'a whiteout that names nothing' });
      return;
    }
    const path = this.paths.child(folder, name, target, end);
    this.#keepWhiteout(path, WhiteoutKind.path, block);
  }

  #keepWhiteout(path: number, kind: WhiteoutKind, block: number): void {
    this.#whiteoutPath.push(path);
    this.#whiteoutKind.push(kind);
    this.#whiteoutBlock.push(block);
  }

  /** @param offset how far into the tar the entry stands that has no room */
  #grow(offset: number): void {
    const foreseen = (bytes: number): number =>
      Math.ceil(Math.min((AMPLE * this.#count * bytes) / Math.max(offset, BLOCK), MOST_FORESEEN));
    const size = Math.max(Math.ceil(this.#capacity * 1.5), foreseen(this.#tarSize ?? 0));
    this.paths.foresee(this.paths.count + foreseen(this.#ahead));
    const grow = <T extends { set(from: T): void }>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#path = grow(this.#path, new Uint32Array(size));
    this.#type = grow(this.#type, new Uint8Array(size));
    this.#flags = grow(this.#flags, new Uint8Array(size));
    this.#mode = grow(this.#mode, new Uint16Array(size));
    for (const column of [this.#uid, this.#gid, this.#size, this.#mtime]) column.resize(size);
    this.#headerBlock = grow(this.#headerBlock, new Uint32Array(size));
    this.#dataBlocks = grow(this.#dataBlocks, new Uint8Array(size));
    this.#capacity = size;
  }
}

/** Bytes of headers in blocks; 0 for more than a byte says. */
function fewBlocks(bytes: number): number {
  const blocks = bytes / BLOCK;
  return blocks > 0xff ? 0 : blocks;
}

function isDevice(type: EntryType): boolean {
  return type === EntryType.character || type === EntryType.block;
}

function startsWith(bytes: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  if (end - start < prefix.length || bytes[start] !== DOT) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix[i]) return false;
  return true;
}
