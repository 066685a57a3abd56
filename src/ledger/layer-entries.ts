import type { EntryPlace } from '../layer/hash-entries.ts';
import type { KeptContents } from '../layer/content-keeper.ts';
import { type ContentHashes, EntryFlag, type LayerColumns } from '../layer/index-columns.ts';
import { sparseGet, sparseIndex } from '../layer/sparse-bytes.ts';
import { BLOCK } from '../tar/header.ts';
import type { EntryType } from '../tar/member.ts';

const NOTHING = new Uint8Array(0);

/** One layer as the ledger holds it: columns whose path ids are the image's, and known hashes. */
export class LayerEntries {
  readonly columns: LayerColumns;
  /** Content hashes; more may come while the image is open. */
  hashes: ContentHashes | null;
  readonly #kept: KeptContents;

  constructor(columns: LayerColumns, hashes: ContentHashes | null, kept: KeptContents = new Map()) {
    this.columns = columns;
    this.hashes = hashes;
    this.#kept = kept;
  }

  get count(): number {
    return this.columns.count;
  }

  /** Id of the entry's path in the image's table. */
  path(entry: number): number {
    return this.columns.path[entry]!;
  }

  type(entry: number): EntryType {
    return this.columns.type[entry] as EntryType;
  }

  /** Permissions, with setuid, setgid and the sticky bit. */
  mode(entry: number): number {
    return this.columns.mode[entry]!;
  }

  uid(entry: number): number {
    return this.columns.uid[entry]!;
  }

  gid(entry: number): number {
    return this.columns.gid[entry]!;
  }

  /** Bytes once unpacked. */
  size(entry: number): number {
    return this.columns.size[entry]!;
  }

  /** Unix seconds. */
  mtime(entry: number): number {
    return this.columns.mtime[entry]!;
  }

  /** True for a file whose stored bytes are not its content; such contents are hashed only on request. */
  isSparse(entry: number): boolean {
    return (this.columns.flags[entry]! & EntryFlag.sparse) !== 0;
  }

  /** The block of the layer's tar where the member's first header begins. */
  headerBlock(entry: number): number {
    return this.columns.headerBlock[entry]!;
  }

  /** The same in bytes. */
  headerOffset(entry: number): number {
    return this.headerBlock(entry) * BLOCK;
  }

  /** Where the entry's content is found. */
  place(entry: number): EntryPlace {
    const headerBlock = this.headerBlock(entry);
    const blocks = this.columns.dataBlocks[entry]!;
    const offset = (headerBlock + blocks) * BLOCK;
    const isKnown = blocks > 0 && !this.isSparse(entry);
    return { entry, headerBlock, content: isKnown ? { offset, size: this.size(entry) } : null };
  }

  /** Link target as written; empty where there is none. */
  link(entry: number): Uint8Array {
    return sparseGet(this.columns.links, entry) ?? NOTHING;
  }

  /** sha256 of the content (32 bytes), or null where it was not computed. */
  sha256(entry: number): Uint8Array | null {
    if (this.hashes === null) return null;
    const i = sparseIndex(this.hashes.entries, entry);
    return i < 0 ? null : this.hashes.sha256.subarray(i * 32, i * 32 + 32);
  }

  /** The content, where it was kept when the layer went by; else it has to be read. */
  content(entry: number): Uint8Array | null {
    return this.#kept.get(entry) ?? null;
  }

  /** Adds hashes to those known. */
  addHashes(more: ContentHashes): void {
    if (this.hashes === null || this.hashes.entries.length === 0) {
      this.hashes = more;
      return;
    }
    const merged = new Map<number, Uint8Array>();
    for (const known of [this.hashes, more]) {
      known.entries.forEach((entry, i) => merged.set(entry, known.sha256.subarray(i * 32, i * 32 + 32)));
    }
    const entries = Uint32Array.from([...merged.keys()].toSorted((a, b) => a - b));
    const sha256 = new Uint8Array(entries.length * 32);
    entries.forEach((entry, i) => sha256.set(merged.get(entry)!, i * 32));
    this.hashes = { entries, sha256 };
  }
}
