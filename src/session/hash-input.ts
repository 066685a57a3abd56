import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { type Extent, ExtentReader, fileExtent, ReadProblem } from '../bytes/source.ts';
import type { LayerPool } from '../layer/pool.ts';
import { parseReference } from '../image/reference.ts';

/** Does the same as {@link hashInput}, but on a worker thread, so that the caller is not blocked. */
export async function hashInputOnThread(name: string | undefined, pool: LayerPool): Promise<string | null> {
  const extent = inputExtent(name);
  if (extent === null) return null;
  const { digest } = await pool.run({ kind: 'digest', extent });
  return digest?.replace(/^sha256:/, '') ?? null;
}

function inputExtent(name: string | undefined): Extent | null {
  const reference = parseReference(name, existsSync);
  return reference.kind === 'path' && statSync(reference.path).isFile() ? fileExtent(reference.path) : null;
}

/**
 * Returns the SHA-256 of an input file, so that a record can show that reading did not change it.
 * @returns hexadecimal; null if the input is not a single file or cannot be read completely
 */
export function hashInput(name: string | undefined): string | null {
  const extent = inputExtent(name);
  if (extent === null) return null;
  try {
    return hashOf(extent);
  } catch (error) {
    if (error instanceof ReadProblem) return null;
    throw error;
  }
}

function hashOf(extent: Extent): string {
  const hash = createHash('sha256');
  const reader = new ExtentReader(extent);
  const buffer = new Uint8Array(1 << 20);
  try {
    for (let at = 0; at < reader.size;) {
      const n = reader.read(buffer, at);
      if (n === 0) break;
      hash.update(buffer.subarray(0, n));
      at += n;
    }
  } finally {
    reader.close();
  }
  return hash.digest('hex');
}
