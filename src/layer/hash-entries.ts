import { createHash } from 'node:crypto';
import type { Extent } from '../bytes/source.ts';
import { readContents } from './content.ts';
import type { ContentHashes } from './index-columns.ts';

/** An entry whose content is wanted: its number and the block where its header begins. */
export interface EntryPlace {
  readonly entry: number;
  readonly headerBlock: number;
}

/**
 * sha256 of the contents of some files of a layer, in one pass over the blob (and no further than
 * the last of them).
 * @param places ascending by header block
 */
export async function hashEntries(
  extent: Extent,
  places: readonly EntryPlace[],
  signal?: AbortSignal,
): Promise<ContentHashes> {
  const found = new Map<number, Buffer>();
  let current = createHash('sha256');
  await readContents(
    extent,
    places.map((place) => place.headerBlock * 512),
    {
      chunk: (bytes) => {
        current.update(bytes);
      },
      end: (index, complete) => {
        if (complete) found.set(places[index]!.entry, current.digest());
        current = createHash('sha256');
      },
    },
    signal,
  );
  const entries = [...found.keys()].toSorted((a, b) => a - b);
  const sha256 = new Uint8Array(entries.length * 32);
  entries.forEach((entry, i) => sha256.set(found.get(entry)!, i * 32));
  return { entries: Uint32Array.from(entries), sha256 };
}
