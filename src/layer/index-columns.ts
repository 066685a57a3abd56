import type { SparseBytes } from './sparse-bytes.ts';

/** What a whiteout hides: one path, or all that lower layers put into a folder. */
export const WhiteoutKind = { path: 0, opaque: 1 } as const;
export type WhiteoutKind = (typeof WhiteoutKind)[keyof typeof WhiteoutKind];

/** Bits of {@link LayerColumns.flags}. */
export const EntryFlag = {
  /** The name as written leaves the root (`..`) or begins with a slash. */
  outside: 1,
  /** Stored with holes: the stored bytes are not the content. */
  sparse: 2,
} as const;

/** Extended attributes and device numbers: rare, so plain objects. */
export interface EntryExtras {
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
  readonly device?: readonly [major: number, minor: number];
}

/** Numbers of whatever width they need. */
export type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * Every entry of one layer, in the tar's order, as columns: some 25 bytes an entry, and moved
 * between threads without a copy. Path ids are those of the table that travels with it, until
 * the table is merged into the image's.
 */
export interface LayerColumns {
  readonly count: number;
  readonly path: Uint32Array;
  /** {@link EntryType} of each entry. */
  readonly type: Uint8Array;
  readonly flags: Uint8Array;
  readonly mode: Uint16Array;
  readonly uid: Numbers;
  readonly gid: Numbers;
  /** Bytes once unpacked. */
  readonly size: Numbers;
  /** Unix seconds. */
  readonly mtime: Numbers;
  /** First header block of the member, in blocks of 512 bytes from the start of the layer's tar. */
  readonly headerBlock: Uint32Array;
  /** Blocks of its headers, behind which its stored bytes begin; 0 where they are more than 255. */
  readonly dataBlocks: Uint8Array;
  /** Link targets as written. */
  readonly links: SparseBytes;
  /** Names as written, where they are more than the path without its leading slash. */
  readonly rawNames: SparseBytes;
  readonly extras: ReadonlyMap<number, EntryExtras>;
  /** Whiteouts: what they hide, how, and where they stand. */
  readonly whiteoutPath: Uint32Array;
  readonly whiteoutKind: Uint8Array;
  readonly whiteoutBlock: Uint32Array;
}

/** sha256 of file contents, for the entries that were asked for. */
export interface ContentHashes {
  /** Entry numbers, ascending. */
  readonly entries: Uint32Array;
  /** 32 bytes an entry. */
  readonly sha256: Uint8Array;
}
