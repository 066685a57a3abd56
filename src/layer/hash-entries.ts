import { createHash, hash, type Hash } from 'node:crypto';
import type { Damage } from '../bytes/decoder.ts';
import type { Extent } from '../bytes/source.ts';
import { readContents } from './content.ts';
import type { ContentHashes } from './index-columns.ts';

/** An entry whose content is wanted: its number and the block where its header begins. */
export interface EntryPlace {
  readonly entry: number;
  readonly headerBlock: number;
  /** Bytes of the content, where known: one that comes in one piece is hashed at once. */
  readonly size?: number;
}

/** Hashes of contents, and why some may be lacking. */
export interface EntryHashes extends ContentHashes {
  /** The first range that the system could not read; null if it read all that was wanted. */
  readonly unreadable: Damage | null;
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
): Promise<EntryHashes> {
  const single = places.filter((place, i) => place.headerBlock !== places[i - 1]?.headerBlock);
  const found: { readonly entry: number; readonly digest: string }[] = [];
  let current = 0;
  let whole: string | null = null;
  let parts: Hash | null = null;
  const damage = await readContents(
    extent,
    single.map((place) => place.headerBlock * 512),
    {
      chunk: (bytes) => {
        if (bytes.length === single[current]!.size) {
          // A hash object for each small file would cost more than the hashing, and so would a buffer.
          whole = hash('sha256', bytes, 'latin1');
        } else {
          parts ??= createHash('sha256');
          parts.update(bytes);
        }
      },
      end: (index, complete) => {
        if (complete) {
          const value = whole ?? (parts ?? createHash('sha256')).digest('latin1');
          found.push({ entry: single[index]!.entry, digest: value });
        }
        current = index + 1;
        whole = null;
        parts = null;
      },
    },
    signal,
    single.map((place) => place.size),
  );
  found.sort((a, b) => a.entry - b.entry);
  const sha256 = Buffer.alloc(found.length * 32);
  found.forEach(({ digest }, i) => sha256.write(digest, i * 32, 'latin1'));
  const unreadable = damage?.code === 'unreadable' ? damage : null;
  return { unreadable, entries: Uint32Array.from(found, ({ entry }) => entry), sha256 };
}
