import { BLOCK, checksumHolds, isZeroBlock, parseNumber } from './header.ts';
import { copyOf } from './copy.ts';
import type { FirstBlock } from './first-block.ts';
import { ExtendedHeaders } from './extended-headers.ts';
import { emptyMember, fillMember, setName } from './member-header.ts';
import type { SparseSegment, TarMember, TarSink, TarWarning } from './member.ts';
import { mapProblem, MAX_SEGMENTS, parseOldSparse } from './sparse.ts';
import { TrailingBytes } from './trailing.ts';
import { Flag } from './typeflag.ts';

/** Go's archive/tar refuses larger extended headers too; no engine writes them. */
const MAX_META = 1 << 20;
/** So much that holds no header, from the very start, is no tar: gives up looking for one. */
const GIVE_UP = 64 << 20;

const EMPTY = new Uint8Array(0);

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
  #start: number;
  readonly #member: TarMember = emptyMember();
  readonly #extended = new ExtendedHeaders();
  #state: State = 'header';
  #need = BLOCK;
  #pending = new Uint8Array(BLOCK);
  #pendingLength = 0;
  #words: Int32Array | null = null;
  #resyncing = false;
  readonly #trailing = new TrailingBytes();
  #firstBlock: FirstBlock = 'none';
  #metaFlag = 0;
  #metaOffset = 0;
  #segments: SparseSegment[] = [];
  #dataLeft = 0;
  #dataEnd = 0;
  #members = 0;

  /** @param start offset of the first header, for parsing again from a known member. */
  constructor(sink: TarSink, start = 0) {
    this.#sink = sink;
    this.#start = start;
    this.next = start;
  }

  /** Where the sink wants the tar read to; undefined where it does not matter. */
  get window(): Uint8Array | undefined {
    return this.#sink.window;
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** Ended, and nothing that may follow is of interest any more. */
  get finished(): boolean {
    return this.#state === 'ended' && this.#trailing.seen;
  }

  /**
   * What the first block is that is not all zeros: `other` if the bytes are not a tar. Known after {@link end}.
   */
  get firstBlock(): FirstBlock {
    return this.#firstBlock === 'none' && this.#members > 0 ? 'header' : this.#firstBlock;
  }

  /** How many members were handed over. */
  get members(): number {
    return this.#members;
  }

  /** Begins again at the header at `start`: for taking one member after the other out of a known tar. */
  restart(start: number): void {
    this.next = start;
    this.endOffset = null;
    this.#start = start;
    this.#state = 'header';
    this.#need = BLOCK;
    this.#pendingLength = 0;
    this.#resyncing = false;
    this.#trailing.forget();
    this.#firstBlock = 'none';
    this.#dataEnd = 0;
    this.#members = 0;
    this.#extended.forget();
  }

  /** Stops at once: later feeds are ignored. For readers that want one member only. */
  stop(): void {
    this.#state = 'ended';
    this.#trailing.seen = true;
  }

  /**
   * Takes bytes that begin at `offset`, which must not lie beyond `next`; bytes before `next`
   * are passed over.
   */
  feed(chunk: Uint8Array, offset: number): void {
    const stop = offset + chunk.length;
    this.#words = null;
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
        if (this.#takeRun(chunk, at, offset)) continue;
        this.next += missing;
        this.#words ??= wordsOf(chunk);
        this.#take(chunk, at, this.next - missing);
      } else {
        const taken = Math.min(missing, available);
        this.#reserve(this.#pendingLength + taken);
        this.#pending.set(chunk.subarray(at, at + taken), this.#pendingLength);
        this.#pendingLength += taken;
        this.next += taken;
        if (this.#pendingLength < this.#need) return;
        this.#pendingLength = 0;
        this.#words = null;
        this.#take(this.#pending, 0, this.next - this.#need);
        this.#words = null;
      }
    }
  }

  /**
   * Says that there are no more bytes.
   * @param size length of the whole tar in bytes
   */
  end(size: number): void {
    // What is left of a block that is cut short is no header.
    if (
      this.firstBlock === 'none' &&
      (this.#trailing.hasFirstBlock || !isZero(this.#pending, this.#pendingLength))
    )
      this.#firstBlock = 'other';
    if (this.#state === 'ended') return;
    const state = this.#state;
    this.#state = 'ended';
    // Padding that lacks is no damage: umoci writes none after the last member.
    if (this.#dataEnd > size) {
      const lacking = this.#dataEnd - size;
      this.#warn('truncated', size, `the archive ends ${lacking} bytes short of its last member's end`);
    } else if (state === 'meta' || state === 'sparse' || this.#pendingLength > 0) {
      this.#warn('truncated', size, 'the archive ends inside a header');
    } else if (this.#extended.start >= 0) {
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

  readonly #warn = (code: TarWarning['code'], offset: number, message: string): void => {
    this.#sink.warning({ code, offset, message });
  };

  #take(bytes: Uint8Array, at: number, offset: number): void {
    switch (this.#state) {
      case 'header':
        this.#takeHeader(bytes, at, offset);
        break;
      case 'meta':
        this.#takeMeta(bytes, at, this.#need);
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

  #takeRun(chunk: Uint8Array, at: number, offset: number): boolean {
    if (this.#state !== 'header' || this.#extended.start >= 0) return false;
    const run = this.#sink.run?.(chunk, at, offset) ?? null;
    if (run === null) return false;
    this.#resyncing = false;
    this.#members += run.members;
    this.#dataEnd = run.dataEnd;
    this.next = run.next;
    return true;
  }

  #takeHeader(bytes: Uint8Array, at: number, offset: number): void {
    if (bytes[at] === 0 && isZeroBlock(bytes, at)) {
      if (this.#resyncing) return;
      this.#state = 'second-zero';
      return;
    }
    const size = checksumHolds(bytes, at, this.#words) ? parseNumber(bytes, at + 124, 12) : null;
    if (size === null || size < 0) {
      this.#passDamaged(offset);
      return;
    }
    this.#resyncing = false;
    if (this.#firstBlock === 'none') this.#firstBlock = 'header';
    if (this.#extended.start < 0) this.#extended.start = offset;
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
        this.#extended.forget();
        this.#passData(offset + BLOCK, size);
        return;
      default:
        fillMember(this.#member, bytes, at, offset, size, this.#extended, this.#warn);
        if (flag === Flag.gnuSparse) this.#beginOldSparse(bytes, at);
        else this.#deliver();
    }
  }

  #passDamaged(offset: number): void {
    if (this.firstBlock === 'none') this.#firstBlock = 'other';
    if (!this.#resyncing) {
      this.#warn('bad-header', offset, 'a block that is no tar header');
      // What extended headers said was meant for the member that is lost.
      this.#extended.forget();
    }
    this.#resyncing = true;
    if (this.#members === 0 && offset - this.#start >= GIVE_UP) this.stop();
  }

  #passData(dataOffset: number, size: number): void {
    this.#dataEnd = dataOffset + size;
    this.next = dataOffset + padded(size);
  }

  #beginMeta(flag: number, size: number, offset: number): void {
    if (size > MAX_META) {
      this.#warn('oversized-header', offset, `an extended header of ${size} bytes is passed over`);
      this.#passData(offset + BLOCK, size);
      return;
    }
    this.#metaFlag = flag;
    this.#metaOffset = offset;
    this.#state = 'meta';
    this.#need = size;
    if (size === 0) this.#takeMeta(EMPTY, 0, 0);
  }

  #takeMeta(bytes: Uint8Array, at: number, length: number): void {
    this.#state = 'header';
    this.#need = BLOCK;
    this.#passData(this.#metaOffset + BLOCK, length);
    this.#extended.take(this.#metaFlag, bytes, at, length, this.#metaOffset, this.#warn);
  }

  #beginOldSparse(bytes: Uint8Array, at: number): void {
    const member = this.#member;
    const realSize = parseNumber(bytes, at + 483, 12);
    if (realSize !== null && realSize >= 0) member.size = realSize;
    this.#segments = parseOldSparse(bytes, at + 386, 4);
    member.sparse = { kind: 'map', segments: this.#segments };
    if (bytes[at + 482] === 0) {
      this.#deliver();
      return;
    }
    // The views into the header block do not outlive this call, and extension blocks follow.
    setName(member, copyOf(member.name));
    this.#state = 'sparse';
  }

  #takeSparseBlock(bytes: Uint8Array, at: number): void {
    this.#member.dataOffset += BLOCK;
    if (this.#segments.length < MAX_SEGMENTS) this.#segments.push(...parseOldSparse(bytes, at, 21));
    if (bytes[at + 504] === 0) this.#deliver();
  }

  #deliver(): void {
    const member = this.#member;
    const { sparse } = member;
    const problem =
      sparse?.kind === 'map' ? mapProblem(sparse.segments, member.size, member.storedSize) : null;
    if (problem !== null) this.#warn('bad-sparse-map', this.#extended.start, problem);
    this.#extended.forget();
    this.#members++;
    this.#need = BLOCK;
    this.#state = 'header';
    const wanted = this.#sink.member(member);
    if (this.ended) return;
    if (wanted && member.storedSize > 0) {
      this.#state = 'data';
      this.#dataLeft = member.storedSize;
      this.#dataEnd = member.dataOffset + member.storedSize;
      this.next = member.dataOffset;
      return;
    }
    this.#passData(member.dataOffset, member.storedSize);
    if (wanted) this.#sink.endData?.();
  }

  #takeData(chunk: Uint8Array, at: number): void {
    const length = Math.min(this.#dataLeft, chunk.length - at);
    const whole = at === 0 && length === chunk.length;
    this.#sink.data?.(whole ? chunk : chunk.subarray(at, at + length));
    this.next += length;
    this.#dataLeft -= length;
    if (this.#dataLeft > 0 || this.ended) return;
    this.#state = 'header';
    this.next += padded(this.#member.storedSize) - this.#member.storedSize;
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
    const first = this.#trailing.look(chunk, from, offset, this.#start, this.firstBlock, this.#warn);
    this.#firstBlock = first;
  }
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

/** Reports whether the first `length` bytes are all zero. */
function isZero(bytes: Uint8Array, length: number): boolean {
  for (let at = 0; at < length; at++) if (bytes[at] !== 0) return false;
  return true;
}

/** The whole words of a chunk's memory, for fast checksums. */
function wordsOf(chunk: Uint8Array): Int32Array {
  return new Int32Array(chunk.buffer, 0, chunk.buffer.byteLength >> 2);
}
