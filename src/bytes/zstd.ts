import * as zlib from 'node:zlib';
import type { Damage, DecoderInput } from './decoder.ts';
import { openInflater } from './inflater.ts';
import { type FramePiece, ZstdFrames } from './zstd-frames.ts';
import type { WholeFrames } from './zstd-wasm.ts';

/** Whether this Node decodes zstd itself: 22.15 and later do. */
export const hasNativeZstd = typeof zlib.createZstdDecompress === 'function';

/**
 * Inflates a zstd blob of one or many frames, skippable ones left out (RFC 8878 §3.1).
 * Natively where Node can, else through WebAssembly, which is loaded when it is needed.
 */
export async function inflateZstd(input: DecoderInput): Promise<Damage | null> {
  return hasNativeZstd
    ? inflateZstdNatively(input)
    : (await import('./zstd-wasm.ts')).inflateZstdByWasm(input);
}

/**
 * Inflates through Node's own stream. It stops without a word at the first frame that ends inside
 * a write, so each write ends where its frame does; and it throws away the output of a write that
 * fails, so a damaged blob is read again block by block.
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
  return { code: 'corrupt', offset, message: 'the zstd stream is damaged' };
}

/** Frames of at most this many stored bytes are small. */
const SMALL = 32 * 1024;
/** Fewer of them than this are not worth another decoder. */
const MANY = 4;

/** Small frames that follow each other. */
interface FrameRun {
  readonly offset: number;
  readonly frames: readonly Uint8Array[];
}

/**
 * zstd:chunked layers hold a frame for each file. Each write to Node's stream waits for another
 * thread, which takes longer than decoding a small frame; so runs of them are decoded here.
 */
class SmallFrames {
  #decoder: WholeFrames | null = null;
  #fresh = true;

  /** Puts whole small frames of one chunk together where many of them follow each other. */
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
