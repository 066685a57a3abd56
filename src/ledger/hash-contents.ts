import type { Damage } from '../bytes/decoder.ts';
import { isPlain } from '../bytes/plain.ts';
import type { Extent } from '../bytes/source.ts';
import { hashEntries } from '../layer/hash-entries.ts';
import type { LayerPool } from '../layer/pool.ts';
import type { Problem } from '../problem.ts';
import type { LayerEntries } from './layer-entries.ts';
import type { UnverifiedContent } from './ledger.ts';
import { readFailure } from './read-layers.ts';

/** Contents of a plain layer up to this many bytes are hashed on this thread. */
const HASHED_HERE = 32 << 20;

/** Groups contents by their layers: the numbers of their entries. */
export function placesByLayer(contents: readonly UnverifiedContent[]): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const { entry, layer } of contents) {
    const group = groups.get(layer);
    if (group === undefined) groups.set(layer, [entry]);
    else group.push(entry);
  }
  return groups;
}

/**
 * Hashes the contents of some entries of a layer and adds the hashes to it.
 * @returns what of them could not be read; null if all could
 * @throws Problem `cancelled` when the signal fires or the pool is closed
 */
export async function hashContents(
  blob: Extent,
  layer: LayerEntries,
  entries: readonly number[],
  pool: LayerPool,
  signal: AbortSignal | undefined,
): Promise<readonly Damage[] | Problem | null> {
  const places = entries.map((entry) => layer.place(entry)).toSorted((a, b) => a.headerBlock - b.headerBlock);
  const bytes = entries.reduce((sum, entry) => sum + layer.size(entry), 0);
  // A little of a plain layer is hashed before a thread has started.
  try {
    const hashes =
      bytes <= HASHED_HERE && isPlain(blob)
        ? await hashEntries(blob, places, signal)
        : await pool.run({ kind: 'hash', extent: blob, places });
    layer.addHashes(hashes);
    return hashes.unreadable === null ? null : [hashes.unreadable];
  } catch (error) {
    return readFailure(error);
  }
}
