import type { Damage } from './decoder.ts';

/** A range of a stored chunk that belongs to one frame and can be written to a decoder at once. */
export interface FramePiece {
  /** Offset of its first byte in the blob. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Whether the frame ends with this piece. */
  readonly last: boolean;
}

/** The pieces of a chunk. */
export interface FrameSplit {
  /** The pieces to decode, in order. */
  readonly pieces: readonly FramePiece[];
  /** Whether the data after the pieces is not zstd: no more chunks may be split. */
  readonly over: boolean;
}

type State =
  'magic' | 'descriptor' | 'header' | 'block' | 'body' | 'checksum' | 'skip-size' | 'skip' | 'over';

const FRAME = 0xfd2fb528;
const FIRST_SKIPPABLE = 0x184d2a50;
/** The largest window that zstd's decoders accept by default (ZSTD_WINDOWLOG_LIMIT_DEFAULT). */
const MAX_WINDOW = 2 ** 27;

/**
 * Splits a zstd stream into frames without decoding it (RFC 8878 §3.1), so that a decoder that stops at
 * the end of a frame can be given one frame after the other, without skippable frames.
 */
export class ZstdFrames {
  /** Bytes consumed so far. */
  offset = 0;
  readonly #blockwise: boolean;
  #state: State = 'magic';
  #need = 4;
  #collected: number[] = [];
  #held: Uint8Array | null = null;
  #left = 0;
  #lastBlock = false;
  #checksum = false;
  #frameDescriptor = 0;
  #damage: Damage | null = null;

  /**
   * @param blockwise also split at the ends of blocks, so that damage affects only its own block
   */
  constructor(blockwise = false) {
    this.#blockwise = blockwise;
  }

  /** Whether the position is between two frames, where a stream may end. */
  get betweenFrames(): boolean {
    return this.#state === 'magic' && this.#collected.length === 0;
  }

  /** Why the stream would be incomplete if it ended here; or null. */
  get damage(): Damage | null {
    if (this.#damage !== null || this.betweenFrames) return this.#damage;
    if (this.#state === 'magic') return this.#trailing(this.offset - this.#collected.length);
    return {
      code: 'truncated',
      offset: this.offset,
      message: 'unexpected end of the zstd stream, inside a frame',
    };
  }

  /** Splits the next chunk at the ends of frames. */
  split(chunk: Uint8Array): FrameSplit {
    const pieces: FramePiece[] = [];
    const base = this.offset;
    let start = 0;
    let at = 0;
    const cut = (end: number, last: boolean): void => {
      if (end > start) pieces.push({ offset: base + start, bytes: chunk.subarray(start, end), last });
      start = end;
    };
    while (at < chunk.length && this.#state !== 'over') {
      if (this.#state === 'body' || this.#state === 'skip') {
        const taken = Math.min(this.#left, chunk.length - at);
        this.#left -= taken;
        at += taken;
        this.offset += taken;
        if (this.#left > 0) break;
        if (this.#state === 'skip') {
          start = at;
          this.#begin('magic', 4);
        } else {
          const last = this.#afterBlock();
          if (last || this.#blockwise) cut(at, last);
        }
        continue;
      }
      this.#collected.push(chunk[at++]!);
      this.offset++;
      if (this.#collected.length < this.#need) continue;
      const held = this.#held;
      this.#held = null;
      const outcome = this.#step();
      if (outcome === 'over') {
        // Complete blocks before the damage can be decoded.
        cut(Math.max(start, (this.#damage?.offset ?? 0) - base), false);
        return { pieces, over: true };
      }
      if (outcome === 'skip') {
        start = at;
        continue;
      }
      if (held !== null) pieces.push({ offset: base - held.length, bytes: held, last: false });
      if (outcome === 'frame-end') cut(at, true);
    }
    if (this.#state === 'magic' && this.#collected.length > 0) {
      // It is not known yet whether these bytes begin a normal or a skippable frame.
      this.#held = Uint8Array.from(this.#collected);
    } else if (this.#state !== 'skip' && this.#state !== 'skip-size') {
      cut(chunk.length, false);
    }
    return { pieces, over: this.#state === 'over' };
  }

  #begin(state: State, need: number): void {
    this.#state = state;
    this.#need = need;
    this.#collected = [];
  }

  #stop(damage: Damage): 'over' {
    this.#damage = damage;
    this.#state = 'over';
    return 'over';
  }

  #trailing(offset: number): Damage {
    return { code: 'trailing-data', offset, message: 'bytes after the last zstd frame' };
  }

  #step(): 'more' | 'over' | 'frame-end' | 'skip' {
    const c = this.#collected;
    switch (this.#state) {
      case 'magic':
        return this.#takeMagic(littleEndian(c));
      case 'skip-size':
        this.#left = littleEndian(c);
        this.#begin(this.#left === 0 ? 'magic' : 'skip', 4);
        return 'skip';
      case 'descriptor':
        this.#frameDescriptor = c[0]!;
        this.#begin('header', this.#headerLength());
        return 'more';
      case 'header':
        return this.#takeHeader(c);
      case 'block':
        return this.#takeBlock(littleEndian(c));
      case 'checksum':
        this.#begin('magic', 4);
        return 'frame-end';
      case 'body':
      case 'skip':
      case 'over':
        return 'more';
    }
  }

  #takeMagic(magic: number): 'more' | 'over' | 'skip' {
    if (magic === FRAME) {
      this.#begin('descriptor', 1);
      return 'more';
    }
    if (magic >= FIRST_SKIPPABLE && magic <= FIRST_SKIPPABLE + 15) {
      this.#begin('skip-size', 4);
      return 'skip';
    }
    return this.#stop(this.#trailing(this.offset - 4));
  }

  /** Window descriptor: RFC 8878 §3.1.1.1.2. */
  #takeHeader(header: readonly number[]): 'more' | 'over' {
    const singleSegment = (this.#frameDescriptor & 0x20) !== 0;
    const base = 2 ** (10 + (header[0]! >> 3));
    const window = singleSegment ? 0 : base + (base / 8) * (header[0]! & 7);
    const offset = this.offset - header.length - 5;
    this.#begin('block', 3);
    if (window <= MAX_WINDOW) return 'more';
    const message = `a zstd frame needs a window of ${Math.round(window / 1e6)} MB; the maximum is ${Math.round(MAX_WINDOW / 1e6)} MB`;
    return this.#stop({ code: 'corrupt', offset, message });
  }

  /** Block header: RFC 8878 §3.1.1.2. */
  #takeBlock(header: number): 'more' | 'over' | 'frame-end' {
    const type = (header >> 1) & 3;
    if (type === 3) {
      const message = 'a block of the zstd stream has an unknown type';
      return this.#stop({ code: 'corrupt', offset: this.offset - 3, message });
    }
    this.#lastBlock = (header & 1) === 1;
    this.#left = type === 1 ? 1 : header >>> 3;
    this.#state = 'body';
    if (this.#left > 0) return 'more';
    return this.#afterBlock() ? 'frame-end' : 'more';
  }

  /** @returns true if the frame is complete */
  #afterBlock(): boolean {
    if (!this.#lastBlock) {
      this.#begin('block', 3);
      return false;
    }
    if (this.#checksum) {
      this.#begin('checksum', 4);
      return false;
    }
    this.#begin('magic', 4);
    return true;
  }

  /** Returns the length of the frame header after its descriptor: RFC 8878 §3.1.1.1. */
  #headerLength(): number {
    const d = this.#frameDescriptor;
    const singleSegment = (d & 0x20) !== 0;
    this.#checksum = (d & 4) !== 0;
    const dictionary = [0, 1, 2, 4][d & 3]!;
    const sizeFlag = d >> 6;
    const contentSize = sizeFlag === 0 ? (singleSegment ? 1 : 0) : [0, 2, 4, 8][sizeFlag]!;
    return (singleSegment ? 0 : 1) + dictionary + contentSize;
  }
}

function littleEndian(bytes: readonly number[]): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
