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
 * the last of them). Contents that are not complete get no hash.
 * @param places ascending by header block; the same place may stand there more than once
 * @throws Problem `cancelled` when the signal fires
 */
export async function hashEntries(
  extent: Extent,
  places: readonly EntryPlace[],
  signal?: AbortSignal,
): Promise<ContentHashes> {
  const single = places.filter((place, i) => place.headerBlock !== places[i - 1]?.headerBlock);
  const found: { readonly entry: number; readonly digest: Buffer }[] = [];
  let current = createHash('sha256');
  await readContents(
    extent,
    single.map((place) => place.headerBlock * 512),
    {
      chunk: (bytes) => {
        current.update(bytes);
      },
      end: (index, complete) => {
        if (complete) found.push({ entry: single[index]!.entry, digest: current.digest() });
        current = createHash('sha256');
      },
    },
    signal,
  );
  found.sort((a, b) => a.entry - b.entry);
  const sha256 = new Uint8Array(found.length * 32);
  found.forEach(({ digest }, i) => sha256.set(digest, i * 32));
  return { entries: Uint32Array.from(found, ({ entry }) => entry), sha256 };
}
