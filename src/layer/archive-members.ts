import { gunzipSync } from 'node:zlib';
import { isSystemError } from '../bytes/system-error.ts';
import { ENTRY_TYPE_NAMES, type EntryTypeName } from '../tar/member.ts';
import { TarParser } from '../tar/parser.ts';
import { decodeName } from '../text/escape.ts';

/** A member of an archive that is a file of the image. */
interface InnerMember {
  readonly name: string;
  readonly type: EntryTypeName;
  readonly size: number;
}

/** The members of an archive inside an image, as far as the archive was read. */
export interface InnerListing {
  readonly format: 'tar' | 'tar.gz' | 'zip';
  readonly members: readonly InnerMember[];
  /** False if only part of the archive was available. */
  readonly complete: boolean;
}

const MAX_MEMBERS = 10_000;
const END_OF_CENTRAL_DIRECTORY = 0x06054b50;
const CENTRAL_ENTRY = 0x02014b50;

/**
 * Lists the members of a tar, a gzip-compressed tar or a zip (jar, wheel) that is in memory.
 * @param bytes the archive, or its beginning
 * @param whole whether `bytes` is the whole archive
 * @returns null if it is not such an archive
 */
export function listMembers(bytes: Uint8Array, whole: boolean): InnerListing | null {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const inner = inflateSome(bytes);
    return inner === null ? null : listTar(inner, false, 'tar.gz');
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return whole ? listZip(bytes) : null;
  return listTar(bytes, whole, 'tar');
}

/** Decompresses as much of a gzip stream as possible; a listing needs no more. */
function inflateSome(bytes: Uint8Array): Uint8Array | null {
  try {
    return gunzipSync(bytes, { finishFlush: 2, maxOutputLength: 64 << 20 });
  } catch (error) {
    // A damaged stream, or a RangeError because the output exceeds the limit: there is no listing to show.
    if (!(error instanceof RangeError) && !isSystemError(error)) throw error;
    return null;
  }
}

function listTar(bytes: Uint8Array, whole: boolean, format: 'tar' | 'tar.gz'): InnerListing | null {
  const members: InnerMember[] = [];
  let broken = false;
  const parser: TarParser = new TarParser({
    member(member) {
      members.push({
        name: decodeName(member.name).text,
        type: ENTRY_TYPE_NAMES[member.type],
        size: member.size,
      });
      if (members.length >= MAX_MEMBERS) parser.stop();
      return false;
    },
    warning(warning) {
      broken ||= warning.code === 'bad-header';
      if (broken && members.length === 0) parser.stop();
    },
  });
  parser.feed(bytes, 0);
  if (members.length === 0) return null;
  return { format, members, complete: whole && !broken && members.length < MAX_MEMBERS };
}

/** Reads the central directory (PKWARE APPNOTE 4.3.12 and 4.3.16). */
function listZip(bytes: Uint8Array): InnerListing | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  const lowest = Math.max(0, end - 0xffff);
  while (end >= lowest && view.getUint32(end, true) !== END_OF_CENTRAL_DIRECTORY) end--;
  if (end < lowest || end < 0) return null;
  const members: InnerMember[] = [];
  let at = view.getUint32(end + 16, true);
  while (
    at + 46 <= bytes.length &&
    view.getUint32(at, true) === CENTRAL_ENTRY &&
    members.length < MAX_MEMBERS
  ) {
    const nameLength = view.getUint16(at + 28, true);
    const name = decodeName(bytes.subarray(at + 46, at + 46 + nameLength)).text;
    members.push({
      name,
      type: name.endsWith('/') ? 'directory' : 'file',
      size: view.getUint32(at + 24, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return { format: 'zip', members, complete: members.length < MAX_MEMBERS };
}
