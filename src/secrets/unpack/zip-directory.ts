import type { Coverage } from './coverage.ts';
import { IN_EXTRA } from './zip-local.ts';

/** An entry of the central directory (PKWARE APPNOTE 4.3.12). */
export interface DirectoryEntry {
  readonly flags: number;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly name: Uint8Array;
  /** Offset of the local header in the file; null if the extra field has it. */
  readonly local: number | null;
}

const END_SIGNATURE = Buffer.from('PK\x05\x06', 'latin1');
const END_LENGTH = 22;
const MAX_COMMENT = 0xffff;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_LENGTH = 46;

/** Reports whether a file ends like a zip, whatever it begins with. */
export function endsAsZip(bytes: Uint8Array): boolean {
  return endOfDirectory(bytes) >= 0;
}

/** Returns the offset of the end of central directory record (APPNOTE 4.3.16); -1 if there is none. */
function endOfDirectory(bytes: Uint8Array): number {
  const from = Math.max(0, bytes.length - END_LENGTH - MAX_COMMENT);
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset + from, bytes.length - from);
  const at = tail.length < END_LENGTH ? -1 : tail.lastIndexOf(END_SIGNATURE, tail.length - END_LENGTH);
  return at < 0 ? -1 : from + at;
}

/**
 * Yields the entries of the central directory. The zip may be preceded by data that its offsets do not count,
 * such as a self-extracting program.
 * @param coverage receives the fields that cannot contain text, and the boundaries of the others
 */
export function* directoryEntries(
  bytes: Uint8Array,
  view: DataView,
  coverage: Coverage,
): Generator<DirectoryEntry, void> {
  const end = endOfDirectory(bytes);
  if (end < 0) return;
  coverage.add(end, end + END_LENGTH);
  coverage.cut(end + END_LENGTH + view.getUint16(end + 20, true));
  const declared = view.getUint32(end + 16, true);
  const first = end - view.getUint32(end + 12, true);
  const before = isEntry(view, first) ? first - declared : 0;
  let at = declared + before;
  while (isEntry(view, at)) {
    const nameEnd = at + ENTRY_LENGTH + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const next = extraEnd + view.getUint16(at + 32, true);
    const local = view.getUint32(at + 42, true);
    coverage.add(at, at + ENTRY_LENGTH);
    if (next > nameEnd) coverage.cut(nameEnd);
    if (next > extraEnd) coverage.cut(extraEnd);
    yield {
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      name: bytes.subarray(at + ENTRY_LENGTH, nameEnd),
      local: local === IN_EXTRA ? null : local + before,
    };
    at = next;
  }
  coverage.cut(at);
}

function isEntry(view: DataView, at: number): boolean {
  return at >= 0 && at + ENTRY_LENGTH <= view.byteLength && view.getUint32(at, true) === ENTRY_SIGNATURE;
}
