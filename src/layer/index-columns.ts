import type { SparseBytes } from './sparse-bytes.ts';

/** The kind of a whiteout: it hides one path, or everything that lower layers put into a directory. */
export const WhiteoutKind = { path: 0, opaque: 1 } as const;
export type WhiteoutKind = (typeof WhiteoutKind)[keyof typeof WhiteoutKind];

/** Bits of {@link LayerColumns.flags}. */
export const EntryFlag = {
  /** The name as written leaves the root (`..`) or starts with a slash. */
  outside: 1,
  /** Sparse: stored with holes, so the stored bytes are not the content. */
  sparse: 2,
} as const;

/** Extended attributes and device numbers. They are rare, so these are plain objects. */
export interface EntryExtras {
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
  readonly device?: readonly [major: number, minor: number];
}

/** An array of numbers, of the narrowest type that holds them. */
export type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * Every entry of one layer, in the tar's order, as columns. They take about 25 bytes per entry and move between
 * threads without a copy. Path ids refer to the table that travels with the columns, until that table is merged
 * into the image's.
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
  /** Unpacked size in bytes. */
  readonly size: Numbers;
  /** Unix seconds. */
  readonly mtime: Numbers;
  /** First header block of the member, in blocks of 512 bytes from the start of the layer's tar. */
  readonly headerBlock: Uint32Array;
  /** Number of header blocks, which the stored bytes follow; 0 if there are more than 255. */
  readonly dataBlocks: Uint8Array;
  /** Link targets as written. */
  readonly links: SparseBytes;
  /** Names as written, if they differ from the path without its leading slash. */
  readonly rawNames: SparseBytes;
  readonly extras: ReadonlyMap<number, EntryExtras>;
  /** The path, kind and header block of each whiteout. */
  readonly whiteoutPath: Uint32Array;
  readonly whiteoutKind: Uint8Array;
  readonly whiteoutBlock: Uint32Array;
}

/** sha256 of file contents, for the entries that were requested. */
export interface ContentHashes {
  /** Entry numbers, ascending. */
  readonly entries: Uint32Array;
  /** 32 bytes per entry. */
  readonly sha256: Uint8Array;
}
