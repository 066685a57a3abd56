import { BLOCK, fieldEnd, formatOf, parseNumber, prefixLength, type TarFormat } from './header.ts';
import { EntryType, type TarMember, type TarWarning } from './member.ts';
import { type PaxRecords, paxNumber } from './pax.ts';
import { type PaxSparse, paxSparse } from './sparse.ts';
import { Flag, hasData } from './typeflag.ts';

const EMPTY = new Uint8Array(0);
const SLASH = 0x2f;

/** Takes what is not as it should be. */
export type Warn = (code: TarWarning['code'], offset: number, message: string) => void;

/** Extended headers that stand before a member and say more of it. */
export interface ExtendedHeaders {
  /** Offset of the first of them, or of the member's own header. */
  start: number;
  pax: PaxRecords | null;
  longName: Uint8Array | null;
  longLink: Uint8Array | null;
}

/** A member with nothing in it. */
export function emptyMember(): TarMember {
  return {
    headerOffset: 0,
    dataOffset: 0,
    storedSize: 0,
    size: 0,
    type: EntryType.file,
    name: EMPTY,
    linkname: EMPTY,
    mode: 0,
    uid: 0,
    gid: 0,
    mtime: 0,
    devmajor: 0,
    devminor: 0,
    pax: null,
    sparse: null,
  };
}

/**
 * Fills a member from its header block and the extended headers before it. Where readers differ
 * it goes by Go's archive/tar, which the engines use: what counts is what a container will see.
 * @param offset of the header block in the tar
 * @param headerSize its size field
 */
export function fillMember(
  member: TarMember,
  bytes: Uint8Array,
  at: number,
  offset: number,
  headerSize: number,
  extended: ExtendedHeaders,
  warn: Warn,
): void {
  const { pax, longName, longLink } = extended;
  const flag = bytes[at + 156]!;
  const format = formatOf(bytes, at);
  member.headerOffset = extended.start;
  member.dataOffset = offset + BLOCK;
  member.mode = numberAt(bytes, at + 100, 8, offset, 'mode', warn) & 0o7777;
  member.uid = numberAt(bytes, at + 108, 8, offset, 'uid', warn);
  member.gid = numberAt(bytes, at + 116, 8, offset, 'gid', warn);
  member.mtime = numberAt(bytes, at + 136, 12, offset, 'mtime', warn);
  member.devmajor = 0;
  member.devminor = 0;
  member.sparse = null;
  member.pax = pax;
  let size = headerSize;
  let sparse: PaxSparse | null = null;
  member.name = longName ?? headerName(bytes, at, format);
  const isLink = flag === Flag.hardlink || flag === Flag.symlink;
  member.linkname = isLink ? (longLink ?? bytes.subarray(at + 157, fieldEnd(bytes, at + 157, 100))) : EMPTY;
  if (pax !== null) {
    size = applyPax(member, pax, size, offset, warn);
    if (longName !== null) member.name = longName;
    if (longLink !== null && isLink) member.linkname = longLink;
    if (!isLink) member.linkname = EMPTY;
    sparse = hasData(flag) && flag !== Flag.gnuSparse ? paxSparse(pax) : null;
    if (sparse?.name != null) member.name = upToNul(sparse.name);
  }
  member.type = typeOf(flag, member.name, offset, warn);
  if ((member.type === EntryType.character || member.type === EntryType.block) && format !== 'v7') {
    member.devmajor = numberAt(bytes, at + 329, 8, offset, 'device number', warn);
    member.devminor = numberAt(bytes, at + 337, 8, offset, 'device number', warn);
  }
  const isFile = member.type === EntryType.file;
  member.size = isFile ? size : 0;
  member.storedSize = hasData(flag) && (isFile || flag === Flag.gnuDumpDir) ? size : 0;
  if (sparse !== null && isFile) {
    member.sparse = sparse.form;
    member.size = sparse.realSize !== null && sparse.realSize >= 0 ? sparse.realSize : size;
  }
}

function numberAt(
  bytes: Uint8Array,
  at: number,
  length: number,
  offset: number,
  what: string,
  warn: Warn,
): number {
  const value = parseNumber(bytes, at, length);
  if (value !== null) return value;
  warn('bad-number', offset, `the ${what} of a member is not a number`);
  return 0;
}

function headerName(bytes: Uint8Array, at: number, format: TarFormat): Uint8Array {
  const nameEnd = fieldEnd(bytes, at, 100);
  const prefix = prefixLength(bytes, at, format);
  if (prefix === 0) return bytes.subarray(at, nameEnd);
  const joined = new Uint8Array(prefix + 1 + nameEnd - at);
  joined.set(bytes.subarray(at + 345, at + 345 + prefix));
  joined[prefix] = SLASH;
  joined.set(bytes.subarray(at, nameEnd), prefix + 1);
  return joined;
}

/** Lets extended records override the header's fields; gives the size in force. */
function applyPax(
  member: TarMember,
  pax: PaxRecords,
  headerSize: number,
  offset: number,
  warn: Warn,
): number {
  const name = (key: string, before: Uint8Array): Uint8Array => {
    const value = pax.get(key);
    if (value === undefined) return before;
    const whole = upToNul(value);
    if (whole.length < value.length) warn('bad-pax', offset, `the extended record "${key}" holds a NUL`);
    return whole.length === 0 ? before : whole;
  };
  const number = (key: string, before: number): number => {
    if (!pax.has(key)) return before;
    const value = paxNumber(pax, key);
    if (value === null) warn('bad-pax', offset, `the extended record "${key}" is not a number`);
    return value ?? before;
  };
  member.name = name('path', member.name);
  member.linkname = name('linkpath', member.linkname);
  member.uid = number('uid', member.uid);
  member.gid = number('gid', member.gid);
  member.mtime = number('mtime', member.mtime);
  const size = number('size', headerSize);
  return Number.isSafeInteger(size) && size >= 0 ? size : headerSize;
}

function typeOf(flag: number, name: Uint8Array, offset: number, warn: Warn): EntryType {
  switch (flag) {
    case Flag.oldRegular:
      // Archives from before ustar know a folder by its slash alone.
      return name.at(-1) === SLASH ? EntryType.directory : EntryType.file;
    case Flag.regular:
    case Flag.contiguous:
    case Flag.gnuSparse:
      return EntryType.file;
    case Flag.hardlink:
      return EntryType.hardlink;
    case Flag.symlink:
      return EntryType.symlink;
    case Flag.directory:
    case Flag.gnuDumpDir:
      return EntryType.directory;
    case Flag.fifo:
      return EntryType.fifo;
    case Flag.character:
      return EntryType.character;
    case Flag.block:
      return EntryType.block;
    default:
      warn(
        'unknown-type',
        offset,
        `a member of unknown type 0x${flag.toString(16)} is read as a regular file`,
      );
      return EntryType.file;
  }
}

/** Bytes up to the first NUL, as C reads them. */
export function upToNul(bytes: Uint8Array): Uint8Array {
  const nul = bytes.indexOf(0);
  return nul < 0 ? bytes : bytes.subarray(0, nul);
}
