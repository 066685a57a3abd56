import type { PaxRecords } from './pax.ts';

/** What an entry is once unpacked. Numbers, because the index keeps them in a byte column. */
export const EntryType = {
  file: 0,
  directory: 1,
  symlink: 2,
  hardlink: 3,
  character: 4,
  block: 5,
  fifo: 6,
} as const;
export type EntryType = (typeof EntryType)[keyof typeof EntryType];

/** True for what has a target in place of bytes. */
export function isLink(type: EntryType): boolean {
  return type === EntryType.symlink || type === EntryType.hardlink;
}

export const ENTRY_TYPE_NAMES = [
  'file',
  'directory',
  'symlink',
  'hardlink',
  'character',
  'block',
  'fifo',
] as const;
export type EntryTypeName = (typeof ENTRY_TYPE_NAMES)[number];

/**
 * One member as the parser hands it over. The object and its byte views are reused for the next
 * member: copy what you keep.
 */
export interface TarMember {
  /** Offset of its first block, extended headers included: parsing can start again from here. */
  headerOffset: number;
  /** Offset of its stored bytes. */
  dataOffset: number;
  /** Bytes stored in the archive, without padding. */
  storedSize: number;
  /** Bytes of the file once unpacked: larger than stored for a sparse file. */
  size: number;
  type: EntryType;
  /** Raw name as written, trailing slashes included. Makes a view each time: see the fields below. */
  readonly name: Uint8Array;
  /** The same as bytes of another array: an index asks for hundreds of thousands of names. */
  nameIn: Uint8Array;
  nameStart: number;
  nameEnd: number;
  /** Raw link target; empty where there is none. */
  linkname: Uint8Array;
  mode: number;
  uid: number;
  gid: number;
  /** Unix seconds, fractions from PAX kept. */
  mtime: number;
  devmajor: number;
  devminor: number;
  /** Extended headers in force for this member, or null. */
  pax: PaxRecords | null;
  sparse: SparseForm | null;
}

/** A hole-y file: where its map of data segments is, or the map itself. */
export type SparseForm =
  { readonly kind: 'map'; readonly segments: readonly SparseSegment[] } | { readonly kind: 'map-in-data' };

export interface SparseSegment {
  readonly offset: number;
  readonly length: number;
}

/** What the reader met that is not as it should be; reading goes on where it can. */
export interface TarWarning {
  readonly code:
    | 'bad-header'
    | 'bad-whiteout'
    | 'bad-pax'
    | 'bad-number'
    | 'bad-sparse-map'
    | 'global-header'
    | 'oversized-header'
    | 'unknown-type'
    | 'lone-zero-block'
    | 'no-end-marker'
    | 'trailing-data'
    | 'truncated';
  /** Offset in the tar, in bytes. */
  readonly offset: number;
  readonly message: string;
}

/** Warnings after which some of the tar has not been read: a block, a member's extended header or its content. */
export const LOSSES: ReadonlySet<TarWarning['code']> = new Set([
  'bad-header',
  'bad-sparse-map',
  'oversized-header',
  'truncated',
]);

/** Members that a sink has read by itself. */
export interface MemberRun {
  readonly members: number;
  /** Offset of the header behind them. */
  readonly next: number;
  /** Offset of the end of the last one's stored bytes. */
  readonly dataEnd: number;
}

/** Receives what the parser finds. */
export interface TarSink {
  /**
   * Lets a sink that can read members faster take those that begin at `chunk[at]`, where a header is expected and
   * nothing before it has a say in it; the parser goes on with the first that it leaves.
   * @param offset of the chunk's first byte in the tar
   * @returns null where it takes none
   */
  run?: ((chunk: Uint8Array, at: number, offset: number) => MemberRun | null) | undefined;
  /** `run` takes members only from here: where the tar should be read to. */
  readonly window?: Uint8Array | undefined;
  /** A member's header. Return true to be given its stored bytes through `data`. */
  member(member: TarMember): boolean;
  /** A piece of the stored bytes of the last member, valid only during the call. */
  data?(chunk: Uint8Array): void;
  /** All stored bytes of a member for which `member` returned true have been given. */
  endData?(): void;
  warning(warning: TarWarning): void;
}
