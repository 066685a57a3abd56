import type { Damage, DecoderInput } from './decoder.ts';
import { bytesAfterEnd, inflateGzipCarefully } from './gzip-careful.ts';
import { openInflater } from './inflater.ts';
import type { Extent } from './source.ts';

/**
 * Inflates a gzip blob of one or many members (RFC 1952 §2.2).
 *
 * zlib's stream is fast and checks each member's CRC, but it discards its last output if a member is
 * damaged or followed by something other than a member. In that case {@link inflateGzipCarefully} reads
 * the blob again and skips the bytes that the sink already has. After zeros zlib stops silently, whatever
 * follows them.
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
    // Z_BUF_ERROR: the input ended too early. The sink has everything that it contains.
    if (stream.failure.code === 'Z_BUF_ERROR') {
      return { code: 'truncated', offset: stream.consumed, message: 'unexpected end of the gzip stream' };
    }
  } finally {
    stream.close();
  }
  input.restart();
  return inflateGzipCarefully(input, extent);
}
