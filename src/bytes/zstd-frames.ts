/** A run of a stored chunk that belongs to one frame and can be given to a decoder in one write. */
export interface FramePiece {
  readonly bytes: Uint8Array;
  /** The piece ends its frame. */
  readonly last: boolean;
}

type State = 'magic' | 'descriptor' | 'header' | 'block' | 'body' | 'checksum' | 'skip-size' | 'skip';

/**
 * Walks a zstd stream frame by frame without decoding it (RFC 8878 §3.1), so that a decoder that
 * stops at a frame's end can be fed each frame in turn, and skippable frames can be left out.
 */
export class ZstdFrames {
  /** Bytes consumed so far: the offset to name when something is wrong. */
  offset = 0;
  #state: State = 'magic';
  #need = 4;
  #collected: number[] = [];
  #held: Uint8Array | null = null;
  #left = 0;
  #lastBlock = false;
  #checksum = false;
  #singleSegment = false;
  #frameDescriptor = 0;

  /** True between frames, where a stream may end. */
  get betweenFrames(): boolean {
    return this.#state === 'magic' && this.#collected.length === 0;
  }

  /**
   * Splits a chunk at the ends of frames.
   * @returns the pieces to decode, and `foreign` true where bytes follow that begin no frame
   */
  split(chunk: Uint8Array): { pieces: FramePiece[]; foreign: boolean } {
    const pieces: FramePiece[] = [];
    let start = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === 'body' || this.#state === 'skip') {
        const taken = Math.min(this.#left, chunk.length - at);
        this.#left -= taken;
        at += taken;
        this.offset += taken;
        if (this.#left > 0) continue;
        if (this.#state === 'skip') {
          start = at;
          this.#begin('magic', 4);
        } else if (this.#afterBlock()) {
          pieces.push({ bytes: chunk.subarray(start, at), last: true });
          start = at;
        }
        continue;
      }
      this.#collected.push(chunk[at++]!);
      this.offset++;
      if (this.#collected.length < this.#need) continue;
      const held = this.#held;
      const outcome = this.#step();
      if (held !== null) {
        this.#held = null;
        if (outcome === 'more') pieces.push({ bytes: held, last: false });
      }
      if (outcome === 'foreign') return { pieces, foreign: true };
      if (outcome === 'frame-end') {
        pieces.push({ bytes: chunk.subarray(start, at), last: true });
        start = at;
      } else if (outcome === 'skip') {
        start = at;
      }
    }
    if (this.#state === 'magic' && this.#collected.length > 0) {
      // Whether these bytes begin a frame or a skippable one is not known yet.
      this.#held = Uint8Array.from(this.#collected);
      return { pieces, foreign: false };
    }
    const skipping = this.#state === 'skip' || this.#state === 'skip-size';
    if (start < chunk.length && !skipping) pieces.push({ bytes: chunk.subarray(start), last: false });
    return { pieces, foreign: false };
  }

  #begin(state: State, need: number): void {
    this.#state = state;
    this.#need = need;
    this.#collected = [];
  }

  #step(): 'more' | 'foreign' | 'frame-end' | 'skip' {
    const c = this.#collected;
    switch (this.#state) {
      case 'magic': {
        const magic = ((c[3]! << 24) | (c[2]! << 16) | (c[1]! << 8) | c[0]!) >>> 0;
        if (magic === 0xfd2fb528) {
          this.#begin('descriptor', 1);
          return 'more';
        }
        if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
          this.#begin('skip-size', 4);
          return 'skip';
        }
        return 'foreign';
      }
      case 'skip-size':
        this.#left = ((c[3]! << 24) | (c[2]! << 16) | (c[1]! << 8) | c[0]!) >>> 0;
        this.#begin(this.#left === 0 ? 'magic' : 'skip', 4);
        return 'skip';
      case 'descriptor':
        this.#frameDescriptor = c[0]!;
        this.#begin('header', this.#headerLength());
        return 'more';
      case 'header':
        this.#begin('block', 3);
        return 'more';
      case 'block': {
        const header = c[0]! | (c[1]! << 8) | (c[2]! << 16);
        const type = (header >> 1) & 3;
        if (type === 3) return 'foreign';
        this.#lastBlock = (header & 1) === 1;
        this.#left = type === 1 ? 1 : header >>> 3;
        this.#state = 'body';
        if (this.#left > 0) return 'more';
        return this.#afterBlock() ? 'frame-end' : 'more';
      }
      case 'checksum':
        this.#begin('magic', 4);
        return 'frame-end';
      case 'body':
      case 'skip':
        return 'more';
    }
  }

  /** @returns true where the frame is complete */
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

  /** Length of the frame header behind its descriptor: RFC 8878 §3.1.1.1. */
  #headerLength(): number {
    const d = this.#frameDescriptor;
    this.#singleSegment = (d & 0x20) !== 0;
    this.#checksum = (d & 4) !== 0;
    const dictionary = [0, 1, 2, 4][d & 3]!;
    const sizeFlag = d >> 6;
    const contentSize = sizeFlag === 0 ? (this.#singleSegment ? 1 : 0) : [0, 2, 4, 8][sizeFlag]!;
    return (this.#singleSegment ? 0 : 1) + dictionary + contentSize;
  }
}
