import { BLOCK, fieldEnd, formatOf, parseNumber, prefixLength, type TarFormat } from './header.ts';
import { EntryType, type SparseForm, type TarMember, type TarWarning } from './member.ts';
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
  return new Member();
}

/** A class, since V8 keeps an object literal with an accessor as a table, which makes each header slower by half. */
class Member implements TarMember {
  headerOffset = 0;
  dataOffset = 0;
  storedSize = 0;
  size = 0;
  type: EntryType = EntryType.file;
  nameIn: Uint8Array = EMPTY;
  nameStart = 0;
  nameEnd = 0;
  linkname: Uint8Array = EMPTY;
  mode = 0;
  uid = 0;
  gid = 0;
  mtime = 0;
  devmajor = 0;
  devminor = 0;
  pax: PaxRecords | null = null;
  sparse: SparseForm | null = null;

  get name(): Uint8Array {
    return this.nameIn.subarray(this.nameStart, this.nameEnd);
  }
}

/**
 * Fills a member from its header block and the extended headers before it. Where readers differ
 * it goes by Go's archive/tar, which the engines use: what counts is what a container will see.
 * @param words the same memory as `bytes`, see {@link checksumHolds}
 * @param at where the header block begins in `bytes`
 * @param offset of the header block in the tar
 * @param headerSize its size field
 */
export function fillMember(
  member: TarMember,
  bytes: Uint8Array,
  words: Int32Array | null,
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
  member.mode = numberAt(bytes, words, at + 100, 8, offset, 'mode', warn) & 0o7777;
  member.uid = numberAt(bytes, words, at + 108, 8, offset, 'uid', warn);
  member.gid = numberAt(bytes, words, at + 116, 8, offset, 'gid', warn);
  member.mtime = numberAt(bytes, words, at + 136, 12, offset, 'mtime', warn);
  member.devmajor = 0;
  member.devminor = 0;
  member.sparse = null;
  member.pax = pax;
  let size = headerSize;
  let sparse: PaxSparse | null = null;
  if (longName === null) takeHeaderName(member, bytes, at, format);
  else setName(member, longName);
  const isLink = flag === Flag.hardlink || flag === Flag.symlink;
  member.linkname = isLink ? (longLink ?? bytes.subarray(at + 157, fieldEnd(bytes, at + 157, 100))) : EMPTY;
  if (pax !== null) {
    size = applyPax(member, pax, size, offset, warn);
    if (longName !== null) setName(member, longName);
    if (longLink !== null && isLink) member.linkname = longLink;
    if (!isLink) member.linkname = EMPTY;
    sparse = hasData(flag) && flag !== Flag.gnuSparse ? paxSparse(pax) : null;
    if (sparse?.name != null) setName(member, upToNul(sparse.name));
  }
  member.type = typeOf(flag, member, offset, warn);
  if ((member.type === EntryType.character || member.type === EntryType.block) && format !== 'v7') {
    member.devmajor = numberAt(bytes, words, at + 329, 8, offset, 'device number', warn);
    member.devminor = numberAt(bytes, words, at + 337, 8, offset, 'device number', warn);
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
  words: Int32Array | null,
  at: number,
  length: number,
  offset: number,
  what: string,
  warn: Warn,
): number {
  const value = parseNumber(bytes, at, length, words);
  if (value !== null) return value;
  warn('bad-number', offset, `the ${what} of a member is not a number`);
  return 0;
}

/** Gives a member a name that nothing else writes to. */
export function setName(member: TarMember, name: Uint8Array): void {
  member.nameIn = name;
  member.nameStart = 0;
  member.nameEnd = name.length;
}

function takeHeaderName(member: TarMember, bytes: Uint8Array, at: number, format: TarFormat): void {
  const nameEnd = fieldEnd(bytes, at, 100);
  const prefix = prefixLength(bytes, at, format);
  if (prefix === 0) {
    member.nameIn = bytes;
    member.nameStart = at;
    member.nameEnd = nameEnd;
    return;
  }
  const joined = new Uint8Array(prefix + 1 + nameEnd - at);
  joined.set(bytes.subarray(at + 345, at + 345 + prefix));
  joined[prefix] = SLASH;
  joined.set(bytes.subarray(at, nameEnd), prefix + 1);
  setName(member, joined);
}

/** Lets extended records override the header's fields; gives the size in force. */
function applyPax(
  member: TarMember,
  pax: PaxRecords,
  headerSize: number,
  offset: number,
  warn: Warn,
): number {
  const name = (key: string): Uint8Array | null => {
    const value = pax.get(key);
    if (value === undefined) return null;
    const whole = upToNul(value);
    if (whole.length < value.length) warn('bad-pax', offset, `the extended record "${key}" holds a NUL`);
    return whole.length === 0 ? null : whole;
  };
  const number = (key: string, before: number): number => {
    if (!pax.has(key)) return before;
    const value = paxNumber(pax, key);
    if (value === null) warn('bad-pax', offset, `the extended record "${key}" is not a number`);
    return value ?? before;
  };
  const path = name('path');
  if (path !== null) setName(member, path);
  member.linkname = name('linkpath') ?? member.linkname;
  member.uid = number('uid', member.uid);
  member.gid = number('gid', member.gid);
  member.mtime = number('mtime', member.mtime);
  const size = number('size', headerSize);
  return Number.isSafeInteger(size) && size >= 0 ? size : headerSize;
}

function typeOf(
  flag: number,
  { nameIn, nameStart, nameEnd }: TarMember,
  offset: number,
  warn: Warn,
): EntryType {
  switch (flag) {
    case Flag.oldRegular:
      // Archives from before ustar know a folder by its slash alone.
      return nameEnd > nameStart && nameIn[nameEnd - 1] === SLASH ? EntryType.directory : EntryType.file;
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
