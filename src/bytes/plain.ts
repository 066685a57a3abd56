import { type Compression, detectCompression, MAGIC_LENGTH } from './compression.ts';
import { Gaps } from './gaps.ts';
import { type Extent, ExtentReader } from './source.ts';
import { Problem } from '../problem.ts';

/** Detects the compression of an open blob; a blob whose first bytes cannot be read counts as uncompressed. */
export function readCompression(reader: ExtentReader): Compression {
  const head = new Uint8Array(MAGIC_LENGTH);
  return detectCompression(head.subarray(0, reader.readAround(head, 0, new Gaps())));
}

/**
 * Reports whether a blob is stored uncompressed, so that its bytes can be read in place. Also true for a
 * blob that cannot be opened: reading it reports why.
 */
export function isPlain(blob: Extent): boolean {
  let reader: ExtentReader | null = null;
  try {
    reader = new ExtentReader(blob);
    return readCompression(reader) === 'none';
  } catch (error) {
    if (error instanceof Problem) return true;
    throw error;
  } finally {
    reader?.close();
  }
}
