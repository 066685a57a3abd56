import { createHash } from 'node:crypto';
import type { PlacedHit } from '../raw-hit.ts';
import type { FileName } from '../readers/file-name.ts';
import { mayHaveReader } from '../readers/path-words.ts';

/** Containers of which it is remembered what they hold. */
const MOST_REMEMBERED = 100_000;
/** Loose git objects are told by their path. */
const TOLD_BY_PATH = /\/objects\//;

/**
 * What containers hold that have been opened: packages bring the same archives and change logs along many times.
 * sha256 tells them, which nobody can make to be the same for two.
 */
export class OpenedBefore {
  readonly #found = new Map<string, readonly PlacedHit[]>();

  /**
   * @param open looks into the container; null where it cannot be opened
   * @returns what it holds; not to be written
   */
  once(
    bytes: Uint8Array,
    { path }: FileName,
    open: () => readonly PlacedHit[] | null,
  ): readonly PlacedHit[] | null {
    const digest = createHash('sha256').update(bytes).digest('latin1');
    const key = path !== null && countsInside(path) ? digest + path : digest;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const found = open();
    if (found !== null && this.#found.size < MOST_REMEMBERED) this.#found.set(key, found);
    return found;
  }
}

/** Whether the path of a compressed file may tell what is in it. */
function countsInside(path: string): boolean {
  const bytes = Buffer.from(path);
  return TOLD_BY_PATH.test(path) || mayHaveReader(bytes, 0, bytes.length);
}
