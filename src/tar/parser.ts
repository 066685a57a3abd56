import { BLOCK, checksumHolds, fieldEnd, formatOf, isZeroBlock, parseNumber } from './header.ts';
import { EntryType, type SparseForm, type TarMember, type TarSink, type TarWarning } from './member.ts';
import { type PaxRecords, parsePax, paxNumber } from './pax.ts';
import { paxSparse, parseOldSparse } from './sparse.ts';

/** Go's archive/tar refuses larger extended headers too; no engine writes them. */
const MAX_META = 1 << 20;

const EMPTY = new Uint8Array(0);

const Flag = {
  oldRegular: 0,
  regular: 0x30,
  hardlink: 0x31,
  symlink: 0x32,
  character: 0x33,
  block: 0x34,
  directory: 0x35,
  fifo: 0x36,
  contiguous: 0x37,
  paxGlobal: 0x67,
  pax: 0x78,
  solarisPax: 0x58,
  gnuLongName: 0x4c,
  gnuLongLink: 0x4b,
  gnuSparse: 0x53,
  gnuDumpDir: 0x44,
  gnuVolume: 0x56,
  gnuContinued: 0x4d,
  gnuOldNames: 0x4e,
} as const;

type State = 'header' | 'meta' | 'sparse' | 'data' | 'second-zero' | 'ended';

/**
 * A push parser for tar archives, one for positioned and for streamed reading.
 *
 * `next` is the offset of the next byte it wants. Whoever streams calls {@link feed} with every
 * chunk in turn; whoever can seek reads at `next` and so never touches the bodies. Both give the
 * same members.
 */
export class TarParser {
  /** Offset of the next byte wanted. */
  next: number;
  /** Offset behind the end-of-archive marker once it was met. */
  endOffset: number | null = null;
  readonly #sink: TarSink;
  #state: State = 'header';
  #need = BLOCK;
  #pending = new Uint8Array(BLOCK);
  #pendingLength = 0;
  #resyncing = false;
  #trailingSeen = false;
  #groupStart = -1;
  #pax: PaxRecords | null = null;
  #globals: PaxRecords = new Map();
  #longName: Uint8Array | null = null;
  #longLink: Uint8Array | null = null;
  #metaFlag = 0;
  #metaOffset = 0;
  #dataLeft = 0;
  #afterData = 0;
  #members = 0;
  readonly #member: TarMember = {
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

  /** @param start offset of the first header, for parsing again from a known member. */
  constructor(sink: TarSink, start = 0) {
    this.#sink = sink;
    this.next = start;
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** Ended, and nothing that may follow is of interest any more. */
  get finished(): boolean {
    return this.#state === 'ended' && this.#trailingSeen;
  }

  /** How many members were handed over. */
  get members(): number {
    return this.#members;
  }

  /** Stops at once: later feeds are ignored. For readers that want one member only. */
  stop(): void {
    this.#state = 'ended';
    this.#trailingSeen = true;
  }

  /**
   * Takes bytes that begin at `offset`, which must not lie beyond `next`; bytes before `next`
   * are passed over.
   */
  feed(chunk: Uint8Array, offset: number): void {
    const stop = offset + chunk.length;
    while (this.next < stop) {
      if (this.#state === 'ended') {
        this.#lookAtTrailing(chunk, this.next - offset, offset);
        this.next = stop;
        return;
      }
      const at = this.next - offset;
      if (this.#state === 'data') {
        this.#takeData(chunk, at);
        continue;
      }
      const missing = this.#need - this.#pendingLength;
      const available = chunk.length - at;
      if (this.#pendingLength === 0 && available >= missing) {
        this.next += missing;
        this.#take(chunk, at, this.next - missing);
      } else {
        const taken = Math.min(missing, available);
        this.#reserve(this.#pendingLength + taken);
        this.#pending.set(chunk.subarray(at, at + taken), this.#pendingLength);
        this.#pendingLength += taken;
        this.next += taken;
        if (this.#pendingLength < this.#need) return;
        this.#pendingLength = 0;
        this.#take(this.#pending, 0, this.next - this.#need);
      }
    }
  }

  /**
   * Says that there are no more bytes.
   * @param size length of the whole tar in bytes
   */
  end(size: number): void {
    if (this.#state === 'ended') return;
    const state = this.#state;
    this.#state = 'ended';
    if (state === 'data' || this.next > size + BLOCK - 1) {
      const lacking = state === 'data' ? this.#dataLeft : this.next - size;
      this.#warn('truncated', size, `the archive ends ${lacking} bytes short of its last member's end`);
    } else if (state === 'meta' || state === 'sparse' || this.#pendingLength > 0) {
      this.#warn('truncated', size, 'the archive ends inside a header');
    } else if (this.#groupStart >= 0) {
      this.#warn('truncated', size, 'the archive ends after an extended header without its member');
    } else if (state === 'header') {
      this.#warn('no-end-marker', size, 'the archive has no end-of-archive marker');
    }
  }

  #reserve(length: number): void {
    if (this.#pending.length >= length) return;
    const grown = new Uint8Array(Math.min(this.#need, Math.max(length, this.#pending.length * 2)));
    grown.set(this.#pending.subarray(0, this.#pendingLength));
    this.#pending = grown;
  }

  #warn(code: TarWarning['code'], offset: number, message: string): void {
    this.#sink.warning({ code, offset, message });
  }

  #take(bytes: Uint8Array, at: number, offset: number): void {
    switch (this.#state) {
      case 'header':
        this.#takeHeader(bytes, at, offset);
        break;
      case 'meta':
        this.#takeMeta(bytes.subarray(at, at + this.#need));
        break;
      case 'sparse':
        this.#takeSparseBlock(bytes, at);
        break;
      case 'second-zero':
        this.#takeSecondZero(bytes, at, offset);
        break;
      case 'data':
      case 'ended':
        break;
    }
  }

  #takeHeader(bytes: Uint8Array, at: number, offset: number): void {
    if (bytes[at] === 0 && isZeroBlock(bytes, at)) {
      if (this.#resyncing) return;
      this.#state = 'second-zero';
      return;
    }
    const size = checksumHolds(bytes, at) ? parseNumber(bytes, at + 124, 12) : null;
    if (size === null || size < 0) {
      if (!this.#resyncing) this.#warn('bad-header', offset, 'a block that is no tar header');
      this.#resyncing = true;
      return;
    }
    this.#resyncing = false;
    if (this.#groupStart < 0) this.#groupStart = offset;
    const flag = bytes[at + 156]!;
    switch (flag) {
      case Flag.pax:
      case Flag.solarisPax:
      case Flag.paxGlobal:
      case Flag.gnuLongName:
      case Flag.gnuLongLink:
        this.#beginMeta(flag, size, offset);
        return;
      case Flag.gnuVolume:
      case Flag.gnuContinued:
      case Flag.gnuOldNames:
        this.#warn('unknown-type', offset, `a member of type "${String.fromCharCode(flag)}" is passed over`);
        this.#clearGroup();
        this.next = offset + BLOCK + padded(size);
        return;
      default:
        this.#readMember(bytes, at, offset, flag, size);
    }
  }

  #beginMeta(flag: number, size: number, offset: number): void {
    if (size > MAX_META) {
      this.#warn('oversized-header', offset, `an extended header of ${size} bytes is passed over`);
      this.next = offset + BLOCK + padded(size);
      return;
    }
    this.#metaFlag = flag;
    this.#metaOffset = offset;
    this.#afterData = offset + BLOCK + padded(size);
    this.#state = 'meta';
    this.#need = size;
    if (size === 0) this.#takeMeta(EMPTY);
  }

  #takeMeta(body: Uint8Array): void {
    this.#state = 'header';
    this.#need = BLOCK;
    this.next = this.#afterData;
    if (this.#metaFlag === Flag.gnuLongName) this.#longName = upToNul(body);
    else if (this.#metaFlag === Flag.gnuLongLink) this.#longLink = upToNul(body);
    else {
      const global = this.#metaFlag === Flag.paxGlobal;
      if (!global) this.#pax ??= new Map();
      const problem = parsePax(body, global ? this.#globals : this.#pax!);
      if (problem !== null) {
        this.#warn('bad-pax', this.#metaOffset, `an extended header holds ${problem}`);
      }
      if (global && this.#pax === null && this.#longName === null) this.#groupStart = -1;
    }
  }

  #readMember(bytes: Uint8Array, at: number, offset: number, flag: number, headerSize: number): void {
    const member = this.#member;
    member.headerOffset = this.#groupStart;
    member.dataOffset = offset + BLOCK;
    member.mode = this.#number(bytes, at + 100, 8, offset, 'mode') & 0o7777;
    member.uid = this.#number(bytes, at + 108, 8, offset, 'uid');
    member.gid = this.#number(bytes, at + 116, 8, offset, 'gid');
    member.mtime = this.#number(bytes, at + 136, 12, offset, 'mtime');
    member.devmajor = 0;
    member.devminor = 0;
    member.sparse = null;
    member.pax = this.#pax ?? (this.#globals.size > 0 ? this.#globals : null);
    if (this.#pax !== null && this.#globals.size > 0) {
      member.pax = new Map([...this.#globals, ...this.#pax]);
    }
    this.#readNames(bytes, at);
    let size = headerSize;
    if (member.pax !== null) size = this.#applyPax(member.pax, size);
    this.#readType(bytes, at, flag, offset);
    member.size = member.type === EntryType.file ? size : 0;
    member.storedSize = hasData(flag) ? size : 0;
    if (flag === Flag.gnuSparse) {
      this.#beginOldSparse(bytes, at, offset);
      return;
    }
    if (member.pax !== null && member.type === EntryType.file) {
      const sparse = paxSparse(member.pax);
      if (sparse !== null) {
        member.sparse = sparse.form;
        member.size = sparse.realSize ?? member.size;
      }
    }
    this.#deliver();
  }

  #number(bytes: Uint8Array, at: number, length: number, offset: number, what: string): number {
    const value = parseNumber(bytes, at, length);
    if (value !== null) return value;
    this.#warn('bad-number', offset, `the ${what} of a member is not a number`);
    return 0;
  }

  #readNames(bytes: Uint8Array, at: number): void {
    const member = this.#member;
    const format = formatOf(bytes, at);
    member.linkname = this.#longLink ?? bytes.subarray(at + 157, fieldEnd(bytes, at + 157, 100));
    if (this.#longName !== null) {
      member.name = this.#longName;
      return;
    }
    const name = bytes.subarray(at, fieldEnd(bytes, at, 100));
    const prefixLength = format === 'ustar' ? 155 : format === 'star' ? 131 : 0;
    if (prefixLength === 0 || bytes[at + 345] === 0) {
      member.name = name;
      return;
    }
    const prefix = bytes.subarray(at + 345, fieldEnd(bytes, at + 345, prefixLength));
    const joined = new Uint8Array(prefix.length + 1 + name.length);
    joined.set(prefix);
    joined[prefix.length] = 0x2f;
    joined.set(name, prefix.length + 1);
    member.name = joined;
  }

  /** Lets extended records override the header's fields; gives the size in force. */
  #applyPax(pax: PaxRecords, headerSize: number): number {
    const member = this.#member;
    const path = pax.get('GNU.sparse.name') ?? pax.get('path');
    if (path !== undefined && !path.includes(0)) member.name = path;
    const link = pax.get('linkpath');
    if (link !== undefined && !link.includes(0)) member.linkname = link;
    member.uid = paxNumber(pax, 'uid') ?? member.uid;
    member.gid = paxNumber(pax, 'gid') ?? member.gid;
    member.mtime = paxNumber(pax, 'mtime') ?? member.mtime;
    const size = paxNumber(pax, 'size');
    return size !== null && Number.isSafeInteger(size) && size >= 0 ? size : headerSize;
  }

  #readType(bytes: Uint8Array, at: number, flag: number, offset: number): void {
    const member = this.#member;
    const last = member.name.at(-1);
    switch (flag) {
      case Flag.oldRegular:
      case Flag.regular:
      case Flag.contiguous:
      case Flag.gnuSparse:
        member.type = last === 0x2f ? EntryType.directory : EntryType.file;
        break;
      case Flag.hardlink:
        member.type = EntryType.hardlink;
        break;
      case Flag.symlink:
        member.type = EntryType.symlink;
        break;
      case Flag.directory:
      case Flag.gnuDumpDir:
        member.type = EntryType.directory;
        break;
      case Flag.fifo:
        member.type = EntryType.fifo;
        break;
      case Flag.character:
      case Flag.block:
        member.type = flag === Flag.character ? EntryType.character : EntryType.block;
        member.devmajor = this.#number(bytes, at + 329, 8, offset, 'device number');
        member.devminor = this.#number(bytes, at + 337, 8, offset, 'device number');
        break;
      default:
        member.type = EntryType.file;
        this.#warn(
          'unknown-type',
          offset,
          `a member of unknown type 0x${flag.toString(16)} is read as a regular file`,
        );
    }
  }

  #beginOldSparse(bytes: Uint8Array, at: number, offset: number): void {
    const member = this.#member;
    const realSize = parseNumber(bytes, at + 483, 12);
    member.size = realSize === null || realSize < 0 ? member.size : realSize;
    const segments = parseOldSparse(bytes, at + 386, 4);
    member.sparse = { kind: 'map', segments };
    if (bytes[at + 482] === 0) {
      this.#deliver();
      return;
    }
    // The views into the header block do not outlive this call, and extension blocks follow.
    member.name = member.name.slice();
    member.linkname = member.linkname.slice();
    this.#state = 'sparse';
    this.next = offset + BLOCK;
  }

  #takeSparseBlock(bytes: Uint8Array, at: number): void {
    const member = this.#member;
    const form = member.sparse as SparseForm & { kind: 'map' };
    member.sparse = { kind: 'map', segments: [...form.segments, ...parseOldSparse(bytes, at, 21)] };
    member.dataOffset += BLOCK;
    if (bytes[at + 504] === 0) this.#deliver();
  }

  #deliver(): void {
    const member = this.#member;
    this.#clearGroup();
    this.#members++;
    this.#need = BLOCK;
    this.#state = 'header';
    const end = member.dataOffset + padded(member.storedSize);
    const wanted = this.#sink.member(member);
    if (this.ended) return;
    if (wanted && member.storedSize > 0) {
      this.#state = 'data';
      this.#dataLeft = member.storedSize;
      this.#afterData = end;
      this.next = member.dataOffset;
    } else {
      if (wanted) this.#sink.endData?.();
      this.next = end;
    }
  }

  #takeData(chunk: Uint8Array, at: number): void {
    const length = Math.min(this.#dataLeft, chunk.length - at);
    this.#sink.data?.(chunk.subarray(at, at + length));
    this.next += length;
    this.#dataLeft -= length;
    if (this.#dataLeft > 0 || this.ended) return;
    this.#state = 'header';
    this.next = this.#afterData;
    this.#sink.endData?.();
  }

  #takeSecondZero(bytes: Uint8Array, at: number, offset: number): void {
    this.#state = 'ended';
    this.endOffset = offset + BLOCK;
    if (bytes[at] === 0 && isZeroBlock(bytes, at)) return;
    this.endOffset = offset;
    this.#warn('lone-zero-block', offset - BLOCK, 'a single zero block ends the archive; two are required');
    this.#lookAtTrailing(bytes, at, offset - at);
  }

  #lookAtTrailing(chunk: Uint8Array, from: number, offset: number): void {
    if (this.#trailingSeen) return;
    for (let i = from; i < chunk.length; i++) {
      if (chunk[i] === 0) continue;
      this.#trailingSeen = true;
      this.#warn('trailing-data', offset + i, 'data after the end of the archive');
      return;
    }
  }

  #clearGroup(): void {
    this.#groupStart = -1;
    this.#pax = null;
    this.#longName = null;
    this.#longLink = null;
  }
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

/** Links, folders, devices and fifos carry no body, whatever their size field says (as Go reads them). */
function hasData(flag: number): boolean {
  return flag < Flag.hardlink || flag > Flag.fifo;
}

function upToNul(body: Uint8Array): Uint8Array {
  const nul = body.indexOf(0);
  return (nul < 0 ? body : body.subarray(0, nul)).slice();
}
