import * as zlib from 'node:zlib';
import { ZSTDDecoder } from 'zstddec/stream';
import { CHUNK, type Damage, type DecoderInput } from './decoder.ts';
import { ZstdFrames } from './zstd-frames.ts';

/**
 * Inflates a zstd blob of one or many frames, skippable ones left out (RFC 8878 §3.1).
 * Natively where Node can (22.15 and later), else through WebAssembly.
 */
export async function inflateZstd(input: DecoderInput): Promise<Damage | null> {
  return typeof zlib.createZstdDecompress === 'function' ? inflateNatively(input) : inflateByWasm(input);
}

/**
 * Node's stream stops without a word at the first frame that ends inside a write, so each write
 * ends where its frame does.
 */
async function inflateNatively(input: DecoderInput): Promise<Damage | null> {
  const stream = zlib.createZstdDecompress({ chunkSize: CHUNK });
  const frames = new ZstdFrames();
  let failed = false;
  let wake: () => void = () => {};
  stream.on('data', (chunk: Buffer) => input.plain(chunk));
  stream.on('error', () => {
    failed = true;
    wake();
  });
  try {
    for (let chunk = input.pull(); chunk !== null; chunk = input.pull()) {
      const before = frames.offset;
      const { pieces, foreign } = frames.split(chunk);
      for (const piece of pieces) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          stream.write(piece.bytes, () => resolve());
        });
        if (failed) return corrupt(before);
        if (input.stopped()) return null;
      }
      if (foreign) return afterLastFrame(frames.offset);
    }
    return frames.betweenFrames ? null : truncated(frames.offset);
  } finally {
    stream.destroy();
  }
}

async function inflateByWasm(input: DecoderInput): Promise<Damage | null> {
  const decoder = new ZSTDDecoder();
  await decoder.init();
  const frames = new ZstdFrames();
  let foreign = false;
  let idle = 0;
  function* storedPieces(): Generator<Uint8Array> {
    for (let chunk = input.pull(); chunk !== null; chunk = input.pull()) {
      const split = frames.split(chunk);
      for (const piece of split.pieces) {
        idle = 0;
        yield piece.bytes;
      }
      foreign = split.foreign;
      if (foreign) return;
    }
  }
  try {
    for (const chunk of decoder.decodeStreaming(storedPieces())) {
      if (chunk.length > 0) {
        idle = 0;
        input.plain(chunk);
      } else if (++idle > 8) {
        // The decoder does not report errors: on damage it gives nothing, for ever.
        return corrupt(frames.offset);
      }
      if (input.stopped()) return null;
    }
  } catch {
    return frames.betweenFrames ? corrupt(frames.offset) : truncated(frames.offset);
  }
  if (foreign) return afterLastFrame(frames.offset);
  return frames.betweenFrames ? null : truncated(frames.offset);
}

function corrupt(offset: number): Damage {
  return { code: 'corrupt', offset, message: 'the zstd stream is damaged' };
}

function truncated(offset: number): Damage {
  return { code: 'truncated', offset, message: 'the zstd stream ends inside a frame' };
}

function afterLastFrame(offset: number): Damage {
  return { code: 'trailing-data', offset: offset - 4, message: 'bytes after the last zstd frame' };
}
