import { ZSTDDecoder } from 'zstddec/stream';
import { Breather, type Damage, type DecoderInput } from './decoder.ts';
import { ZstdFrames } from './zstd-frames.ts';

/**
 * Inflates a zstd blob of one or many frames with WebAssembly, for Node versions without a zstd decoder
 * (before 22.15).
 *
 * Each write has at most one block: the decoder holds back output that does not fit into its buffer of
 * one block, and would lose it at an unexpected end of the stream.
 */
export async function inflateZstdByWasm(input: DecoderInput): Promise<Damage | null> {
  const decoder = new ZSTDDecoder();
  await decoder.init();
  const frames = new ZstdFrames(true);
  const breather = new Breather();
  let offset = 0;
  let stopped = false;
  function* storedPieces(): Generator<Uint8Array> {
    for (let chunk = input.pull(); chunk !== null; chunk = input.pull()) {
      const { pieces, over } = frames.split(chunk);
      for (const piece of pieces) {
        if (stopped) return;
        offset = piece.offset;
        yield piece.bytes;
      }
      if (over) return;
    }
  }
  for (const chunk of decodePieces(decoder, storedPieces())) {
    if (chunk === null) return { code: 'corrupt', offset, message: 'damaged zstd stream' };
    // After a stop, run the decoder to the end of its input: only then does it free its memory.
    if (stopped) continue;
    input.plain(chunk);
    await breather.after(chunk.length);
    stopped = input.stopped();
  }
  return stopped ? null : frames.damage;
}

/** Decodes complete frames in memory: for small frames this is much faster than Node's stream. */
export class WholeFrames {
  readonly #decoder = new ZSTDDecoder();

  /** Loads the decoder. Must be complete before {@link decode} is called. */
  async init(): Promise<void> {
    await this.#decoder.init();
  }

  /**
   * Decodes frames, one after the other.
   * @returns false if a frame is damaged; a part of its content may have been passed on
   */
  decode(frames: readonly Uint8Array[], input: Pick<DecoderInput, 'plain' | 'stopped'>): boolean {
    let stopped = false;
    for (const chunk of decodePieces(this.#decoder, frames)) {
      if (chunk === null) return false;
      if (stopped) continue;
      input.plain(chunk);
      stopped = input.stopped();
    }
    return true;
  }
}

/**
 * Feeds pieces of frames to the decoder. No piece may extend beyond the end of a frame.
 *
 * The decoder does not report errors. An empty output means that a valid piece is consumed; if another
 * output follows for the same piece, the piece is damaged.
 * @returns the output, and then null if the last piece is damaged
 */
function* decodePieces(
  decoder: ZSTDDecoder,
  pieces: Iterable<Uint8Array>,
): Generator<Uint8Array | null, void, void> {
  let silent = false;
  function* watched(): Generator<Uint8Array> {
    for (const piece of pieces) {
      silent = false;
      yield piece;
    }
  }
  try {
    for (const chunk of decoder.decodeStreaming(watched())) {
      if (silent) {
        yield null;
        return;
      }
      if (chunk.length > 0) yield chunk;
      else silent = true;
    }
  } catch (error) {
    if (!isIncomplete(error)) throw error;
  }
}

/** Reports whether an error means that the input ended inside a frame. */
function isIncomplete(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Incomplete stream');
}
