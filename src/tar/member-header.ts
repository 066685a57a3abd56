import {
  BLOCK,
  fieldEnd,
  formatOf,
  linkTarget,
  parseNumber,
  prefixLength,
  type TarFormat,
  upToNul,
} from './header.ts';
import type { ExtendedHeaders, Warn } from './extended-headers.ts';
import { EntryType, type SparseForm, type TarMember } from './member.ts';
import { PaxField, type PaxRecords } from './pax.ts';
import { type PaxSparse, paxSparse } from './sparse.ts';
import { Flag, hasData } from './typeflag.ts';

const EMPTY = new Uint8Array(0);
const SLASH = 0x2f;

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
 * @param at where the header block begins in `bytes`
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
  member.size = headerSize;
  takeHeaderName(member, bytes, at, format);
  member.linkname = isLink(flag) ? linkTarget(bytes, at) : EMPTY;
  applyExtended(member, flag, offset, extended, warn);
  if ((member.type === EntryType.character || member.type === EntryType.block) && format !== 'v7') {
    member.devmajor = numberAt(bytes, at + 329, 8, offset, 'device number', warn);
    member.devminor = numberAt(bytes, at + 337, 8, offset, 'device number', warn);
  }
}

/**
 * Lets extended headers have their say, and tells what a member is in the end.
 * @param member as its own header has it
 * @param flag its type flag
 * @param offset of its own header block in the tar
 */
function applyExtended(
  member: TarMember,
  flag: number,
  offset: number,
  { pax, longName, longLink }: ExtendedHeaders,
  warn: Warn,
): void {
  let { size } = member;
  let sparse: PaxSparse | null = null;
  if (pax !== null) {
    size = applyPax(member, pax, size, offset, warn);
    sparse = hasData(flag) && flag !== Flag.gnuSparse ? paxSparse(pax) : null;
  }
  if (longName !== null) setName(member, longName);
  if (longLink !== null) member.linkname = longLink;
  if (!isLink(flag)) member.linkname = EMPTY;
  if (sparse?.name != null) setName(member, upToNul(sparse.name));
  member.pax = pax;
  member.type = typeOf(flag, member, offset, warn);
  const isFile = member.type === EntryType.file;
  member.size = isFile ? size : 0;
  member.storedSize = hasData(flag) && (isFile || flag === Flag.gnuDumpDir) ? size : 0;
  member.sparse = null;
  if (sparse !== null && isFile) {
    member.sparse = sparse.form;
    member.size = sparse.realSize !== null && sparse.realSize >= 0 ? sparse.realSize : size;
  }
}

function isLink(flag: number): boolean {
  return flag === Flag.hardlink || flag === Flag.symlink;
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
  const { bytes } = pax;
  const pathEnd = textEnd(pax, PaxField.path, offset, warn);
  if (pathEnd > pax.start(PaxField.path)) {
    member.nameIn = bytes;
    member.nameStart = pax.start(PaxField.path);
    member.nameEnd = pathEnd;
  }
  const linkEnd = textEnd(pax, PaxField.linkpath, offset, warn);
  if (linkEnd > pax.start(PaxField.linkpath)) {
    member.linkname = bytes.subarray(pax.start(PaxField.linkpath), linkEnd);
  }
  member.uid = numberIn(pax, PaxField.uid, 'uid', member.uid, offset, warn);
  member.gid = numberIn(pax, PaxField.gid, 'gid', member.gid, offset, warn);
  member.mtime = numberIn(pax, PaxField.mtime, 'mtime', member.mtime, offset, warn);
  const size = numberIn(pax, PaxField.size, 'size', headerSize, offset, warn);
  return Number.isSafeInteger(size) && size >= 0 ? size : headerSize;
}

/** Where a name ends: at a NUL, as C reads them. No larger than its start where there is none. */
function textEnd(
  pax: PaxRecords,
  field: typeof PaxField.path | typeof PaxField.linkpath,
  offset: number,
  warn: Warn,
): number {
  if (!pax.has(field)) return pax.start(field);
  const length = pax.end(field) - pax.start(field);
  const end = fieldEnd(pax.bytes, pax.start(field), length);
  if (end < pax.end(field)) {
    const key = field === PaxField.path ? 'path' : 'linkpath';
    warn('bad-pax', offset, `the extended record "${key}" holds a NUL`);
  }
  return end;
}

function numberIn(
  pax: PaxRecords,
  field: PaxField,
  key: string,
  before: number,
  offset: number,
  warn: Warn,
): number {
  if (!pax.has(field)) return before;
  const value = pax.number(field);
  if (value === null) warn('bad-pax', offset, `the extended record "${key}" is not a number`);
  return value ?? before;
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
