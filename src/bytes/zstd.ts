import * as zlib from 'node:zlib';
import type { Damage, DecoderInput } from './decoder.ts';
import { openInflater } from './inflater.ts';
import { type FramePiece, ZstdFrames } from './zstd-frames.ts';
import type { WholeFrames } from './zstd-wasm.ts';

/** Whether this Node version has a zstd decoder (22.15 and later). */
export const hasNativeZstd = typeof zlib.createZstdDecompress === 'function';

/**
 * Inflates a zstd blob of one or many frames, without skippable frames (RFC 8878 §3.1). It uses Node's
 * decoder if there is one, else WebAssembly, which is loaded on demand.
 */
export async function inflateZstd(input: DecoderInput): Promise<Damage | null> {
  return hasNativeZstd
    ? inflateZstdNatively(input)
    : (await import('./zstd-wasm.ts')).inflateZstdByWasm(input);
}

/**
 * Inflates with Node's stream. The stream stops silently at the first frame that ends inside a write, so
 * each write ends at the end of a frame. It discards the output of a write that fails, so a damaged blob
 * is read again block by block.
 */
export async function inflateZstdNatively(input: DecoderInput): Promise<Damage | null> {
  const damage = await feedFrames(input, new ZstdFrames(), new SmallFrames());
  if (damage?.code !== 'corrupt') return damage;
  input.restart();
  return feedFrames(input, new ZstdFrames(true), null);
}

async function feedFrames(
  input: DecoderInput,
  frames: ZstdFrames,
  small: SmallFrames | null,
): Promise<Damage | null> {
  const stream = openInflater('zstd', input);
  try {
    for (let chunk = input.pull(); chunk !== null; chunk = input.pull()) {
      const { pieces, over } = frames.split(chunk);
      for (const piece of small === null ? pieces : small.join(pieces)) {
        if ('frames' in piece) {
          stream.flush();
          if (!(await small!.decode(piece.frames, input))) return corrupt(piece.offset);
        } else {
          await stream.write(piece.bytes);
        }
        if (input.stopped()) return null;
        if (stream.failure !== null) return corrupt(piece.offset);
      }
      if (over) break;
    }
    stream.flush();
    return frames.damage;
  } finally {
    stream.close();
  }
}

function corrupt(offset: number): Damage {
  return { code: 'corrupt', offset, message: 'damaged zstd stream' };
}

/** Maximum stored bytes of a small frame. */
const SMALL = 32 * 1024;
/** Minimum number of small frames for which a second decoder is worthwhile. */
const MANY = 4;

/** A run of consecutive small frames. */
interface FrameRun {
  readonly offset: number;
  readonly frames: readonly Uint8Array[];
}

/**
 * Decodes runs of small frames. zstd:chunked layers have one frame per file, and each write to Node's
 * stream waits for another thread, which takes longer than decoding a small frame.
 */
class SmallFrames {
  #decoder: WholeFrames | null = null;
  #fresh = true;

  /** Joins complete small frames of one chunk if many of them follow each other. */
  join(pieces: readonly FramePiece[]): readonly (FramePiece | FrameRun)[] {
    const joined: (FramePiece | FrameRun)[] = [];
    let run: FramePiece[] = [];
    const endRun = (): void => {
      if (run.length < MANY) joined.push(...run);
      else joined.push({ offset: run[0]!.offset, frames: run.map((piece) => piece.bytes) });
      run = [];
    };
    for (const piece of pieces) {
      const whole = this.#fresh && piece.last && piece.bytes.length <= SMALL;
      this.#fresh = piece.last;
      if (whole) {
        run.push(piece);
        continue;
      }
      endRun();
      joined.push(piece);
    }
    endRun();
    return joined;
  }

  async decode(frames: readonly Uint8Array[], input: DecoderInput): Promise<boolean> {
    if (this.#decoder === null) {
      this.#decoder = new (await import('./zstd-wasm.ts')).WholeFrames();
      await this.#decoder.init();
    }
    return this.#decoder.decode(frames, input);
  }
}
