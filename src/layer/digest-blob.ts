import { createHash } from 'node:crypto';
import type { Damage } from '../bytes/decoder.ts';
import { readPlain } from '../bytes/decompress.ts';
import type { Digest } from '../bytes/digest.ts';
import type { Extent } from '../bytes/source.ts';

/** Digests of a blob as stored, and of the tar inside it. */
export interface BlobDigests {
  /** Null if some of the blob could not be read. */
  readonly digest: Digest | null;
  /** Null if the blob is damaged, because its tar is then incomplete. */
  readonly diffId: Digest | null;
  readonly damage: Damage | null;
  /** Ranges that could not be read. */
  readonly gaps: readonly Damage[];
}

/**
 * Recomputes both digests in one pass. An uncompressed blob is hashed once, because both digests are equal.
 * @param progress receives the number of stored bytes read so far
 * @param here see {@link readPlain}
 */
export async function digestBlob(
  extent: Extent,
  signal?: AbortSignal,
  progress?: (storedBytes: number) => void,
  here?: boolean,
): Promise<BlobDigests> {
  const stored = createHash('sha256');
  const plain = createHash('sha256');
  let same = true;
  let bytes = 0;
  const result = await readPlain(
    extent,
    {
      stored(chunk) {
        stored.update(chunk);
        bytes += chunk.length;
        progress?.(bytes);
      },
      plain(chunk) {
        if (!same) plain.update(chunk);
      },
      compression(compression) {
        same = compression === 'none';
      },
    },
    signal,
    here,
  );
  const digest = `sha256:${stored.digest('hex')}` as Digest;
  const whole = result.damage === null || result.damage.code === 'trailing-data';
  const diffId = same ? digest : (`sha256:${plain.digest('hex')}` as Digest);
  const { damage, gaps } = result;
  return { digest: gaps.length > 0 ? null : digest, diffId: whole ? diffId : null, damage, gaps };
}
