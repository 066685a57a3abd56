import { createHash } from 'node:crypto';
import type { PlacedHit } from '../raw-hit.ts';
import type { FileName } from '../readers/file-name.ts';
import { mayHaveReader } from '../readers/path-words.ts';

/** Maximum number of containers whose hits are kept. */
const MAX_CONTAINERS = 100_000;
/** Loose git objects are recognized by their path. */
const LOOSE_OBJECT_PATH = /\/objects\//;

/**
 * Caches the hits of containers by their SHA-256: packages contain the same archives and change logs many
 * times.
 */
export class ContainerCache {
  readonly #found = new Map<string, readonly PlacedHit[]>();

  /**
   * @param open scans the container; returns null if it cannot be opened
   * @returns its hits; shared, do not modify
   */
  getOrScan(
    bytes: Uint8Array,
    { path }: FileName,
    open: () => readonly PlacedHit[] | null,
  ): readonly PlacedHit[] | null {
    const digest = createHash('sha256').update(bytes).digest('latin1');
    const key = path !== null && isPathRelevant(path) ? digest + path : digest;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const found = open();
    if (found !== null && this.#found.size < MAX_CONTAINERS) this.#found.set(key, found);
    return found;
  }
}

/** Reports whether the path of a compressed file may decide how its content is read. */
function isPathRelevant(path: string): boolean {
  const bytes = Buffer.from(path);
  return LOOSE_OBJECT_PATH.test(path) || mayHaveReader(bytes, 0, bytes.length);
}
