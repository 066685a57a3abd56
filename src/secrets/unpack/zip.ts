import { decodeName } from '../../text/escape.ts';
import type { Budget } from './budget.ts';
import type { WholeInflater } from './whole-inflater.ts';

/** A content that was inside another one. */
export interface InnerContent {
  /** How the way to it is told: `zip:lib/a.jar`. */
  readonly step: string;
  /** Path by which it is known to readers of known files; null where it has none. */
  readonly path: string | null;
  /** Valid until the next one is asked for. */
  readonly bytes: Uint8Array;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_LENGTH = 22;
const ENTRY_LENGTH = 46;
const LOCAL_LENGTH = 30;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;
/** Sizes of more than 4 GiB stand elsewhere (APPNOTE 4.5.3): such members are left closed. */
const ZIP64 = 0xffffffff;

/**
 * The members of a zip, jar or wheel (PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16), as far as they can be read.
 * @param inflater for raw streams
 * @returns null where there is no central directory: it is no zip, or is cut short
 */
export function zipMembers(
  bytes: Uint8Array,
  budget: Budget,
  inflater: WholeInflater,
): Generator<InnerContent, void> | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - END_LENGTH;
  const lowest = Math.max(0, end - 0xffff);
  while (end >= lowest && view.getUint32(end, true) !== END_OF_DIRECTORY) end--;
  if (end < lowest || end < 0) return null;
  return walk(bytes, view, view.getUint32(end + 16, true), budget, inflater);
}

function* walk(
  bytes: Uint8Array,
  view: DataView,
  directory: number,
  budget: Budget,
  inflater: WholeInflater,
): Generator<InnerContent, void> {
  let at = directory;
  while (at + ENTRY_LENGTH <= bytes.length && view.getUint32(at, true) === DIRECTORY_ENTRY) {
    const nameLength = view.getUint16(at + 28, true);
    const name = decodeName(bytes.subarray(at + ENTRY_LENGTH, at + ENTRY_LENGTH + nameLength)).text;
    const content = name.endsWith('/') ? null : contentOf(bytes, view, at, budget.allowed, inflater);
    if (budget.allowed === 0) return;
    if (content !== null && content.length > 0) {
      budget.take(content.length);
      yield { step: `zip:${name}`, path: `/${name}`, bytes: content };
    }
    at += ENTRY_LENGTH + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
}

/** A member's bytes; null where it is encrypted, damaged, too large, or packed in a rare way. */
function contentOf(
  bytes: Uint8Array,
  view: DataView,
  entry: number,
  allowed: number,
  inflater: WholeInflater,
): Uint8Array | null {
  const packed = view.getUint32(entry + 20, true);
  const local = view.getUint32(entry + 42, true);
  if ((view.getUint16(entry + 8, true) & ENCRYPTED) !== 0 || packed === ZIP64 || local === ZIP64) return null;
  if (local + LOCAL_LENGTH > bytes.length || view.getUint32(local, true) !== LOCAL_HEADER) return null;
  const start = local + LOCAL_LENGTH + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const stored = bytes.subarray(start, start + packed);
  switch (view.getUint16(entry + 10, true)) {
    case STORED:
      return stored.length <= allowed ? stored : null;
    case DEFLATED:
      return inflater.inflate(stored, allowed, view.getUint32(entry + 24, true));
    default:
      return null;
  }
}
