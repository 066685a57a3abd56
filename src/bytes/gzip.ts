import type { Damage, DecoderInput } from './decoder.ts';
import { bytesAfterEnd, inflateGzipCarefully } from './gzip-careful.ts';
import { openInflater } from './inflater.ts';
import type { Extent } from './source.ts';

/**
 * Inflates a gzip blob of one or many members (RFC 1952 §2.2).
 *
 * zlib's stream is fast and checks each member's CRC, but throws away its last output when a
 * member is damaged or followed by bytes that begin no other. Then the blob is read again with
 * {@link inflateGzipCarefully}, which passes over what was given already. After zeros it stops
 * without a word, whatever follows them.
 */
export async function inflateGzip(input: DecoderInput, extent: Extent): Promise<Damage | null> {
  const stream = openInflater('gzip', input);
  try {
    for (let chunk = input.pull(); chunk !== null; chunk = input.pull()) {
      await stream.write(chunk);
      if (input.stopped()) return null;
      if (stream.failure !== null || stream.leftover > 0) break;
    }
    if (stream.failure === null) {
      if (stream.leftover > 0) return bytesAfterEnd(extent, stream.consumed);
      await stream.finish();
      if (input.stopped()) return null;
    }
    if (stream.failure === null) return null;
    // Z_BUF_ERROR: the input ended first. All that it holds was given.
    if (stream.failure.code === 'Z_BUF_ERROR') {
      return { code: 'truncated', offset: stream.consumed, message: 'the gzip stream ends before its end' };
    }
  } finally {
    stream.close();
  }
  input.restart();
  return inflateGzipCarefully(input, extent);
}
