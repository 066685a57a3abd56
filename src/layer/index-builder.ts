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
import { DirectoryStack } from './directory-stack.ts';
import { NumberList } from './number-list.ts';
import { MAX_NAME, type PathColumns, PathTable } from './path-table.ts';
import { loopOf, type UsualMembers } from './usual-members.ts';

const SLASH = 0x2f;
const DOT = 0x2e;
/** `.wh.` and `.wh..wh.` (image-spec, layer.md, "Whiteouts"). */
const WHITEOUT = Uint8Array.from(Buffer.from('.wh.'));
const AUFS = Uint8Array.from(Buffer.from('.wh..wh.'));
const OPAQUE = Uint8Array.from(Buffer.from('.wh..wh..opq'));
/** Further warnings of a layer are counted but not kept: junk must not fill the memory. */
const MAX_WARNINGS = 100;

export interface IndexOptions extends ExpectedEntries {
  /** Which contents to hash in the same pass; requires that the bodies are fed. */
  readonly hashContents: HashContents;
  /** Matches the paths of regular files whose contents are kept; also requires that the bodies are fed. */
  readonly keep?: RegExp | undefined;
  /** The table to put paths into, with its WebAssembly loop if it has one. Default: a new table. */
  readonly paths?: PathTable;
}

/**
 * Which regular files to hash in the same pass: all, none, or those at paths that other layers are known to
 * have, since only these must be compared.
 */
export type HashContents = 'all' | 'none' | { readonly at: PathColumns };

/** Turns the output of the tar parser into the columns of a layer. */
export class LayerIndexBuilder implements TarSink {
  readonly paths: PathTable;
  /** Takes members of the common form whose contents nobody needs. */
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
  /** Whether the current member is hashed, and whether it is kept. */
  #hashing = false;
  #keeping = false;
  /** The contents at paths below this id are hashed. */
  readonly #hashedPaths: number;
  #outside = false;
  #plain = true;
  readonly #directories: DirectoryStack;

  constructor(options: IndexOptions) {
    this.paths = options.paths ?? new PathTable(options.expected);
    this.#directories = new DirectoryStack(this.paths);
    const { hashContents } = options;
    const loop = loopOf(this.paths);
    this.#hasher = hashContents === 'none' ? null : new ContentHasher();
    this.#keeper = options.keep === undefined ? null : new ContentKeeper(options.keep);
    // A table passed in by the caller already contains these paths.
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
    // A hundred harmless warnings must not hide that something was not read.
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
    const directory = this.#directories.resolve(name, first, start - 1 - first);
    this.#outside = this.#directories.outside || absolute;
    const doubled = start > first + 1 && name[start - 2] === SLASH;
    this.#plain = this.#directories.plain && !doubled && !absolute;
    if (startsWith(name, start, end, WHITEOUT)) {
      this.#whiteout(name, start, end, directory, member.headerOffset);
      return false;
    }
    const path = this.#resolveLast(directory, name, start, end, start === first);
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

  /** Returns the finished columns; the builder must not be used afterwards. */
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

  /** Resolves the last segment of a name: `.` and an empty segment have no effect, `..` goes up. */
  #resolveLast(directory: number, name: Uint8Array, start: number, end: number, only: boolean): number {
    const length = end - start;
    if (length <= 0) return directory;
    if (name[start] === DOT) {
      if (length === 1) {
        if (!only) this.#plain = false;
        return directory;
      }
      if (length === 2 && name[start + 1] === DOT) {
        this.#outside = true;
        this.#plain = false;
        return this.paths.parent(directory);
      }
    }
    if (length > MAX_NAME) this.#plain = false;
    return this.paths.child(directory, name, start, end);
  }

  #whiteout(name: Uint8Array, start: number, end: number, directory: number, headerOffset: number): void {
    const block = headerOffset / BLOCK;
    if (startsWith(name, start, end, AUFS)) {
      // The other `.wh..wh.` names are internal to aufs and hide nothing.
      if (end - start === OPAQUE.length && startsWith(name, start, end, OPAQUE)) {
        this.#keepWhiteout(directory, WhiteoutKind.opaque, block);
      }
      return;
    }
    const target = start + WHITEOUT.length;
    const length = end - target;
    const dots = length === 0 || (length <= 2 && name[target] === DOT && name[end - 1] === DOT);
    if (dots) {
      this.warning({ code: 'bad-whiteout', offset: headerOffset, message: 'whiteout without a target name' });
      return;
    }
    const path = this.paths.child(directory, name, target, end);
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
