import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { ExtentReader, fileExtent } from '../bytes/source.ts';
import { parseReference } from '../image/reference.ts';

/**
 * sha256 of the file behind a name, so that a record can say that reading it changed nothing.
 * @returns hexadecimal; null where the name stands for no single file
 */
export function hashInput(name: string | undefined): string | null {
  const reference = parseReference(name, existsSync);
  if (reference.kind !== 'path' || !statSync(reference.path).isFile()) return null;
  const hash = createHash('sha256');
  const reader = new ExtentReader(fileExtent(reference.path));
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
