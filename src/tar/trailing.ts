/**
 * Name of the member that BuildKit's eStargz layers have behind the end of the archive, where only those
 * who look for it find it (stargz-snapshotter, docs/estargz.md, "The footer").
 */
const ESTARGZ_INDEX = Buffer.from('stargz.index.json\0', 'latin1');

/** Something behind the end of an archive. */
export interface Trailing {
  /** Where it begins in the chunk. */
  readonly at: number;
  /** For people. */
  readonly what: string;
}

/** The first byte that is no zero, and what begins with it; null where a chunk has none from `from` on. */
export function firstTrailing(chunk: Uint8Array, from: number): Trailing | null {
  for (let at = from; at < chunk.length; at++) {
    if (chunk[at] === 0) continue;
    const isIndex = ESTARGZ_INDEX.every((byte, index) => chunk[at + index] === byte);
    return { at, what: isIndex ? 'an eStargz index (stargz.index.json)' : 'data' };
  }
  return null;
}
