import * as zlib from 'node:zlib';
import { CHUNK, type DecoderInput } from './decoder.ts';
import { type DirectFormat, type DirectZlib, directZlib } from './direct-zlib.ts';
import { ZlibStream } from './zlib-stream.ts';

/**
 * Opens a zlib decoder for a blob: on this thread if the input asks for it and Node supports it, else on
 * zlib's own threads, which keep this one free.
 */
export function openInflater(format: DirectFormat, input: DecoderInput): ZlibStream | DirectZlib {
  const direct = input.here ? directZlib(format, input) : null;
  if (direct !== null) return direct;
  const options = { chunkSize: CHUNK };
  return new ZlibStream(
    format === 'gzip' ? zlib.createGunzip(options) : zlib.createZstdDecompress(options),
    input,
  );
}
