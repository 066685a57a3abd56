import * as zlib from 'node:zlib';
import { CHUNK, type DecoderInput } from './decoder.ts';
import { type DirectFormat, type DirectZlib, directZlib } from './direct-zlib.ts';
import { ZlibStream } from './zlib-stream.ts';

/**
 * Opens zlib for a blob: on this thread where its input says so and Node can, else on threads of zlib's own,
 * which leave this one to others.
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
