/**
 * Name of the index that BuildKit's eStargz layers have after the end of the archive, where ordinary
 * readers do not see it (stargz-snapshotter, docs/estargz.md, "The footer").
 */
const ESTARGZ_INDEX = Buffer.from('stargz.index.json\0', 'latin1');

/** Data after the end of an archive. */
export interface Trailing {
  /** Index of its first byte in the chunk. */
  readonly at: number;
  /** A description for messages. */
  readonly what: string;
}

/** Finds the first non-zero byte from `from` on and describes the data there; null if all bytes are zero. */
export function firstTrailing(chunk: Uint8Array, from: number): Trailing | null {
  for (let at = from; at < chunk.length; at++) {
    if (chunk[at] === 0) continue;
    const isIndex = ESTARGZ_INDEX.every((byte, index) => chunk[at + index] === byte);
    return { at, what: isIndex ? 'an eStargz index (stargz.index.json)' : 'data' };
  }
  return null;
}
