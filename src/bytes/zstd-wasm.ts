import { ZSTDDecoder } from 'zstddec/stream';
import { Breather, type Damage, type DecoderInput } from './decoder.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** A sound write gives nothing at most a few times in a row; a damaged one for ever. */
const MAX_IDLE = 8;

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
  let idle = 0;
  let offset = 0;
  let stopped = false;
  function* storedPieces(): Generator<Uint8Array> {
    for (let chunk = input.pull(); chunk !== null; chunk = input.pull()) {
      const { pieces, over } = frames.split(chunk);
      for (const piece of pieces) {
        if (stopped) return;
        idle = 0;
        offset = piece.offset;
        yield piece.bytes;
      }
      if (over) return;
    }
  }
  try {
    for (const chunk of decoder.decodeStreaming(storedPieces())) {
      if (chunk.length === 0 && ++idle > MAX_IDLE) {
        return { code: 'corrupt', offset, message: 'the zstd stream is damaged' };
      }
      // Once stopped it still has to run out of input: only then it frees its memory.
      if (chunk.length === 0 || stopped) continue;
      idle = 0;
      input.plain(chunk);
      await breather.after(chunk.length);
      stopped = input.stopped();
    }
  } catch (error) {
    if (!isIncomplete(error)) throw error;
  }
  return stopped ? null : frames.damage;
}

/** What the decoder throws when its input ends inside a frame. */
function isIncomplete(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Incomplete stream');
}

/** Decodes runs of whole frames that lie in memory: for small ones far faster than Node's stream. */
export class WholeFrames {
  readonly #decoder = new ZSTDDecoder();

  /** Must have ended before {@link decode} is called. */
  async init(): Promise<void> {
    await this.#decoder.init();
  }

  /**
   * Gives the content of frames that stand one behind the other.
   * @returns false where they are damaged; some of their content may have been given then
   */
  decode(frames: Uint8Array, input: Pick<DecoderInput, 'plain' | 'stopped'>): boolean {
    let idle = 0;
    let stopped = false;
    try {
      for (const chunk of this.#decoder.decodeStreaming([frames])) {
        if (chunk.length === 0 && ++idle > MAX_IDLE) return false;
        if (chunk.length === 0 || stopped) continue;
        idle = 0;
        input.plain(chunk);
        stopped = input.stopped();
      }
    } catch (error) {
      if (isIncomplete(error)) return false;
      throw error;
    }
    return true;
  }
}
