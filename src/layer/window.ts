import { readCompression } from '../bytes/plain.ts';
import { type Extent, ExtentReader } from '../bytes/source.ts';
import { TarParser } from '../tar/parser.ts';
import { readTar } from '../tar/read.ts';
import { readContents } from './content.ts';

/** A piece of a file's content. */
export interface ContentWindow {
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** True if the content ends with this window. */
  readonly last: boolean;
}

/**
 * Reads a piece of a file's content without loading the rest. It seeks in an uncompressed layer, and inflates a
 * compressed one up to that piece.
 * @param headerOffset offset of the member's header in the uncompressed tar
 * @param offset first byte wanted, in the content
 * @param length most bytes wanted
 */
export async function readWindow(
  extent: Extent,
  headerOffset: number,
  offset: number,
  length: number,
  signal?: AbortSignal,
): Promise<ContentWindow> {
  const direct = seekWindow(extent, headerOffset, offset, length);
  if (direct !== null) return direct;
  const parts: Uint8Array[] = [];
  let position = 0;
  let taken = 0;
  let ended = false;
  await readContents(
    extent,
    [headerOffset],
    {
      chunk(bytes) {
        const from = Math.max(0, offset - position);
        const to = Math.min(bytes.length, offset + length - position);
        if (from < to) {
          parts.push(bytes.slice(from, to));
          taken += to - from;
        }
        position += bytes.length;
      },
      end() {
        ended = true;
      },
      done: () => position > offset + length,
    },
    signal,
  );
  return { offset, bytes: Buffer.concat(parts), last: ended && position <= offset + taken };
}

/** Returns the window of a file in an uncompressed layer; null if it must be read another way. */
function seekWindow(
  extent: Extent,
  headerOffset: number,
  offset: number,
  length: number,
): ContentWindow | null {
  let place: { dataOffset: number; size: number } | null = null;
  const parser: TarParser = new TarParser(
    {
      member(member) {
        if (member.sparse === null) place = { dataOffset: member.dataOffset, size: member.storedSize };
        parser.stop();
        return false;
      },
      warning() {
        // Already reported by the indexer.
      },
    },
    headerOffset,
  );
  const reader = new ExtentReader(extent);
  try {
    if (readCompression(reader) !== 'none') return null;
    readTar(reader, parser, 4096);
    const found = place as { dataOffset: number; size: number } | null;
    if (found === null) return null;
    const wanted = Math.max(0, Math.min(length, found.size - offset));
    const bytes = new Uint8Array(wanted);
    const n = reader.read(bytes, found.dataOffset + offset);
    return { offset, bytes: bytes.subarray(0, n), last: offset + n >= found.size || n < wanted };
  } finally {
    reader.close();
  }
}
