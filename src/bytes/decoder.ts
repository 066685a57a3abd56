/** Pieces of this size measured best for reading and for zlib's output; see docs/performance.md. */
export const CHUNK = 256 * 1024;

/** Why a blob gave fewer bytes than it should, or what follows its end. */
export interface Damage {
  readonly code: 'truncated' | 'corrupt' | 'trailing-data';
  readonly offset: number;
  readonly message: string;
}

/** What each decoder is given: stored chunks to pull, a place for plain ones. */
export interface DecoderInput {
  /** Next stored chunk, or null at the end. Its memory is reused by the second pull after. */
  pull(): Uint8Array | null;
  plain(chunk: Uint8Array): void;
  /** True when reading should stop, because enough was seen or it was cancelled. */
  stopped(): boolean;
}
