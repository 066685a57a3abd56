import {
  EntryType,
  LOSSES,
  type MemberRun,
  type TarMember,
  type TarSink,
  type TarWarning,
} from '../tar/member.ts';
import { BLOCK } from '../tar/header.ts';
import { type ContentHashes, type LayerColumns, WhiteoutKind } from './index-columns.ts';
import { ContentHasher } from './content-hasher.ts';
import { ContentKeeper, type KeptContents } from './content-keeper.ts';
import { EntryColumns, type ExpectedEntries } from './entry-columns.ts';
import { FolderStack } from './folder-stack.ts';
import { NumberList } from './number-list.ts';
import { MAX_NAME, type PathColumns, PathTable } from './path-table.ts';
import { loopOf, type UsualMembers } from './usual-members.ts';

const SLASH = 0x2f;
const DOT = 0x2e;
/** `.wh.` and `.wh..wh.` (image-spec, layer.md, "Whiteouts"). */
const WHITEOUT = Uint8Array.from(Buffer.from('.wh.'));
const AUFS = Uint8Array.from(Buffer.from('.wh..wh.'));
const OPAQUE = Uint8Array.from(Buffer.from('.wh..wh..opq'));
/** Warnings beyond this many of one layer are counted, not kept: junk must not fill the memory. */
const MAX_WARNINGS = 100;

export interface IndexOptions extends ExpectedEntries {
  /** Whose contents to hash as they go by; needs the bodies to be fed. */
  readonly hashContents: HashContents;
  /** Paths of regular files whose contents are kept; needs the bodies to be fed, too. */
  readonly keep?: RegExp | undefined;
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
  readonly #columns: EntryColumns;
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
    this.paths = options.paths ?? new PathTable(options.expected);
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
    this.#columns = new EntryColumns(options, this.paths, (warning) => this.warning(warning));
  }

  get count(): number {
    return this.#columns.count;
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
    this.#columns.add(path, member, this.#outside, this.#plain);
    if (this.#hasher === null && this.#keeper === null) return false;
    if (member.type !== EntryType.file || member.sparse !== null) return false;
    this.#hashing = this.#hasher !== null && path < this.#hashedPaths;
    if (this.#hashing) this.#hasher?.begin(this.count - 1, member.storedSize);
    this.#keeping = this.#keeper?.begin(this.count - 1, member) ?? false;
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
    this.#columns.addRun(loop, members, ahead);
    return { members, next: loop.next + ahead, dataEnd: loop.dataEnd + ahead };
  }

  data(chunk: Uint8Array): void {
    if (this.#hashing) this.#hasher?.data(chunk);
    if (this.#keeping) this.#keeper?.data(chunk);
  }

  endData(): void {
    if (this.#hashing) this.#hasher?.end();
    if (this.#keeping) this.#keeper?.end();
  }

  /** The finished columns; the builder must not be used afterwards. */
  finish(): { columns: LayerColumns; hashes: ContentHashes | null; kept: KeptContents } {
    const columns: LayerColumns = {
      ...this.#columns.finish(),
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
}

function startsWith(bytes: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  if (end - start < prefix.length || bytes[start] !== DOT) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix[i]) return false;
  return true;
}
