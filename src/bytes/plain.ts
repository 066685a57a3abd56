import { type Compression, detectCompression, MAGIC_LENGTH } from './compression.ts';
import { type Extent, ExtentReader } from './source.ts';

/** Detects the compression of a blob that is open. */
export function readCompression(reader: ExtentReader): Compression {
  const head = new Uint8Array(MAGIC_LENGTH);
  return detectCompression(head.subarray(0, reader.read(head, 0)));
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
  } catch {
    return true;
  } finally {
    reader?.close();
  }
}
