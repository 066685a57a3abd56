import * as zlib from 'node:zlib';
import { CHUNK, type Damage, type DecoderInput } from './decoder.ts';
import { ZlibStream } from './zlib-stream.ts';
import { ZstdFrames } from './zstd-frames.ts';
import { inflateZstdByWasm } from './zstd-wasm.ts';

/** Whether this Node decodes zstd itself: 22.15 and later do. */
export const hasNativeZstd = typeof zlib.createZstdDecompress === 'function';

/**
 * Inflates a zstd blob of one or many frames, skippable ones left out (RFC 8878 §3.1).
 * Natively where Node can, else through WebAssembly.
 */
export async function inflateZstd(input: DecoderInput): Promise<Damage | null> {
  return hasNativeZstd ? inflateZstdNatively(input) : inflateZstdByWasm(input);
}

/**
 * Inflates through Node's own stream. It stops without a word at the first frame that ends inside
 * a write, so each write ends where its frame does; and it throws away the output of a write that
 * fails, so a damaged blob is read again block by block.
 */
export async function inflateZstdNatively(input: DecoderInput): Promise<Damage | null> {
  const damage = await feedFrames(input, new ZstdFrames());
  if (damage?.code !== 'corrupt') return damage;
  input.restart();
  return feedFrames(input, new ZstdFrames(true));
}

async function feedFrames(input: DecoderInput, frames: ZstdFrames): Promise<Damage | null> {
  const stream = new ZlibStream(zlib.createZstdDecompress({ chunkSize: CHUNK }), input);
  try {
    for (let chunk = input.pull(); chunk !== null; chunk = input.pull()) {
      const { pieces, over } = frames.split(chunk);
      for (const piece of pieces) {
        await stream.write(piece.bytes);
        if (input.stopped()) return null;
        if (stream.failure !== null) {
          return { code: 'corrupt', offset: piece.offset, message: 'the zstd stream is damaged' };
        }
      }
      if (over) break;
    }
    stream.flush();
    return frames.damage;
  } finally {
    stream.close();
  }
}
