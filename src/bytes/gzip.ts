import { createGunzip } from 'node:zlib';
import { CHUNK, type Damage, type DecoderInput } from './decoder.ts';
import { inflateGzipCarefully } from './gzip-careful.ts';
import type { Extent } from './source.ts';

/**
 * Inflates a gzip blob of one or many members (RFC 1952 §2.2).
 *
 * zlib's stream is fast and checks each member's CRC, but throws away its last output when a
 * member is followed by anything but zeros, or is damaged. Then the blob is read again with
 * {@link inflateGzipCarefully}, which passes over what was given already.
 */
export async function inflateGzip(input: DecoderInput, extent: Extent): Promise<Damage | null> {
  const stream = createGunzip({ chunkSize: CHUNK });
  let given = 0;
  let failed = false;
  let wake: () => void = () => {};
  stream.on('data', (chunk: Buffer) => {
    given += chunk.length;
    input.plain(chunk);
  });
  stream.on('error', () => {
    failed = true;
    wake();
  });
  const step = (begin: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      wake = resolve;
      begin(resolve);
    });
  try {
    for (let chunk = input.pull(); chunk !== null && !failed; chunk = input.pull()) {
      const piece = chunk;
      await step((done) => stream.write(piece, () => done()));
      if (input.stopped()) return null;
    }
    if (!failed) {
      await step((done) => {
        stream.once('end', done);
        stream.end();
      });
    }
  } finally {
    stream.destroy();
  }
  return failed ? inflateGzipCarefully(extent, given, input) : null;
}
