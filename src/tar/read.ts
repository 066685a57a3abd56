import type { ExtentReader } from '../bytes/source.ts';
import type { TarParser } from './parser.ts';

/** Reads of this size measured best; larger ones drag in bodies that nobody wants. */
const WINDOW = 128 * 1024;

/**
 * Drives a parser over bytes that can be read at any offset: bodies are never read unless the
 * sink asks for them.
 */
export function readTar(
  reader: ExtentReader,
  parser: TarParser,
  signal?: AbortSignal,
  window = WINDOW,
): void {
  const buffer = new Uint8Array(window);
  while (parser.next < reader.size) {
    const at = parser.next;
    const n = reader.read(buffer, at);
    if (n === 0) break;
    parser.feed(n === buffer.length ? buffer : buffer.subarray(0, n), at);
    if (signal?.aborted || parser.finished) break;
  }
  parser.end(reader.size);
}
