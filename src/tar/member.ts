import type { PaxRecords } from './pax.ts';

/** The type of an entry once it is unpacked. Numbers, because the index stores them in a byte column. */
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

/** Reports whether a type has a target instead of content. */
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
 * One member as the parser passes it to the sink. The object and its byte views are reused for the next
 * member: copy what you keep.
 */
export interface TarMember {
  /** Offset of its first block, including extended headers: parsing can start again from here. */
  headerOffset: number;
  /** Offset of its content in the tar. */
  dataOffset: number;
  /** Bytes stored in the archive, without padding. */
  storedSize: number;
  /** Bytes of the unpacked file: more than the stored ones if the file is sparse. */
  size: number;
  type: EntryType;
  /** Raw name as written, including trailing slashes. Creates a view on each call: see the fields below. */
  readonly name: Uint8Array;
  /** The same name as a range of another array, because an index reads hundreds of thousands of names. */
  nameIn: Uint8Array;
  nameStart: number;
  nameEnd: number;
  /** Raw link target; empty if there is none. */
  linkname: Uint8Array;
  mode: number;
  uid: number;
  gid: number;
  /** Unix seconds, with fractions from PAX records. */
  mtime: number;
  devmajor: number;
  devminor: number;
  /** Extended headers that apply to this member, or null. */
  pax: PaxRecords | null;
  sparse: SparseForm | null;
}

/** A sparse file: the map of its data segments, or a note that the map precedes the data. */
export type SparseForm =
  { readonly kind: 'map'; readonly segments: readonly SparseSegment[] } | { readonly kind: 'map-in-data' };

export interface SparseSegment {
  readonly offset: number;
  readonly length: number;
}

/** Malformed data that the reader found; reading continues if possible. */
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

/** Warnings that mean that a part of the tar was not read: a block, an extended header or a member's content. */
export const LOSSES: ReadonlySet<TarWarning['code']> = new Set([
  'bad-header',
  'bad-sparse-map',
  'oversized-header',
  'truncated',
]);

/** Members that a sink has read itself. */
export interface MemberRun {
  readonly members: number;
  /** Offset of the header after them. */
  readonly next: number;
  /** Offset of the end of the last member's content. */
  readonly dataEnd: number;
}

/** Receives what the parser finds. */
export interface TarSink {
  /**
   * Lets a sink with a faster reader read members from `chunk[at]` on, where a header without extended headers is
   * expected. The parser continues with the first member that the sink leaves.
   * @param offset of the chunk's first byte in the tar
   * @returns null if the sink reads none
   */
  run?: ((chunk: Uint8Array, at: number, offset: number) => MemberRun | null) | undefined;
  /** The only memory that `run` reads members from: the tar should be read into it. */
  readonly window?: Uint8Array | undefined;
  /** Receives a member's header. Returns true to receive its stored bytes through `data`. */
  member(member: TarMember): boolean;
  /** Receives a piece of the stored bytes of the last member, valid only during the call. */
  data?(chunk: Uint8Array): void;
  /** Called after the last stored byte of a member for which `member` returned true. */
  endData?(): void;
  warning(warning: TarWarning): void;
}
