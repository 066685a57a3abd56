import { ZSTDDecoder } from 'zstddec/stream';
import { Breather, type Damage, type DecoderInput } from './decoder.ts';
import { ZstdFrames } from './zstd-frames.ts';

/**
 * Inflates a zstd blob of one or many frames through WebAssembly, for a Node without a decoder of
 * its own (before 22.15).
 *
 * Each write holds one block at most: the decoder keeps back what does not fit into its output of
 * one block, and would lose it where the stream ends early.
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
    if (chunk === null) return { code: 'corrupt', offset, message: 'the zstd stream is damaged' };
    // Once stopped the decoder still has to run out of input: only then it frees its memory.
    if (stopped) continue;
    input.plain(chunk);
    await breather.after(chunk.length);
    stopped = input.stopped();
  }
  return stopped ? null : frames.damage;
}

/** Decodes whole frames that lie in memory: for small ones far faster than Node's stream. */
export class WholeFrames {
  readonly #decoder = new ZSTDDecoder();

  /** Must have ended before {@link decode} is called. */
  async init(): Promise<void> {
    await this.#decoder.init();
  }

  /**
   * Gives the content of frames, one after the other.
   * @returns false where one is damaged; some of its content may have been given then
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
 * Feeds pieces of frames to the decoder, none of which reaches over a frame's end.
 *
 * The decoder does not report errors. A sound piece that gives nothing more is used up with that;
 * a damaged one gives nothing, and then, asked again, anything at all.
 * @returns the output, and null at the end where the last piece taken is damaged
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

/** What the decoder throws when its input ends inside a frame. */
function isIncomplete(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Incomplete stream');
}
