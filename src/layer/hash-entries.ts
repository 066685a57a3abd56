import { createHash, hash, type Hash } from 'node:crypto';
import type { Damage } from '../bytes/decoder.ts';
import { isPlain } from '../bytes/plain.ts';
import type { Extent } from '../bytes/source.ts';
import { BLOCK } from '../tar/header.ts';
import { readContents } from './content.ts';
import { type ContentRange, hashInPlace } from './hash-in-place.ts';
import type { ContentHashes } from './index-columns.ts';

/** An entry whose content is wanted. */
export interface EntryPlace {
  readonly entry: number;
  /** The block where its header begins. */
  readonly headerBlock: number;
  /** Where the content lies; null where only its headers tell. */
  readonly content: ContentRange | null;
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
  const ranges = single.flatMap(({ content }) => content ?? []);
  const { hashes, unreadable } =
    ranges.length === single.length && isPlain(extent)
      ? await hashInPlace(extent, ranges, signal)
      : await hashMembers(extent, single, signal);
  const found = single
    .flatMap(({ entry }, i) => {
      const digest = hashes[i] ?? null;
      return digest === null ? [] : [{ entry, digest }];
    })
    .toSorted((a, b) => a.entry - b.entry);
  const sha256 = Buffer.alloc(found.length * 32);
  found.forEach(({ digest }, i) => sha256.write(digest, i * 32, 'latin1'));
  return { unreadable, entries: Uint32Array.from(found, ({ entry }) => entry), sha256 };
}

/** Hashes the contents of members that are found by their headers. */
async function hashMembers(
  extent: Extent,
  places: readonly EntryPlace[],
  signal: AbortSignal | undefined,
): Promise<{ readonly hashes: readonly (string | null)[]; readonly unreadable: Damage | null }> {
  const hashes: (string | null)[] = [];
  let parts: Hash | null = null;
  let whole: string | null = null;
  const damage = await readContents(
    extent,
    places.map(({ headerBlock }) => headerBlock * BLOCK),
    {
      chunk: (bytes) => {
        if (bytes.length === places[hashes.length]!.content?.size) {
          // A hash object for each small file would cost more than the hashing, and so would a buffer.
          whole = hash('sha256', bytes, 'latin1');
        } else {
          parts ??= createHash('sha256');
          parts.update(bytes);
        }
      },
      end: (_, complete) => {
        hashes.push(complete ? (whole ?? (parts ?? createHash('sha256')).digest('latin1')) : null);
        whole = null;
        parts = null;
      },
    },
    signal,
  );
  return { hashes, unreadable: damage?.code === 'unreadable' ? damage : null };
}
