import { Problem } from '../problem.ts';
import { type Compression, detectCompression, MAGIC_LENGTH } from './compression.ts';
import { CHUNK, type Damage, type DecoderInput } from './decoder.ts';
import { inflateGzip } from './gzip.ts';
import { type Extent, ExtentReader, sourceName } from './source.ts';
import { inflateXz } from './xz.ts';
import { inflateZstd } from './zstd.ts';

/** Receives the bytes of a blob as they go by. Chunks are valid only during the call. */
export interface PlainSink {
  /** Uncompressed bytes, in order. */
  plain(chunk: Uint8Array): void;
  /** The bytes as stored, in order; for the digest. */
  stored?(chunk: Uint8Array): void;
  /** Told before anything else how the blob is compressed. */
  compression?(compression: Compression): void;
  /** Return true when nothing more is needed: reading stops early, without an error. */
  done?(): boolean;
}

/** How reading a blob ended. */
export interface PlainResult {
  readonly compression: Compression;
  /** Uncompressed bytes given. */
  readonly size: number;
  /** Why fewer bytes came than there should be, with the offset in the stored blob; or null. */
  readonly damage: Damage | null;
}

/**
 * Reads a blob through whatever compression its first bytes tell.
 * Damage does not throw: what could be read was given, and the result says where it ended.
 * @throws Problem `unsupported-compression` for bzip2 and lz4; `cancelled` when the signal fires
 */
export async function readPlain(extent: Extent, sink: PlainSink, signal?: AbortSignal): Promise<PlainResult> {
  const reader = new ExtentReader(extent);
  try {
    const head = new Uint8Array(MAGIC_LENGTH);
    const compression = detectCompression(head.subarray(0, reader.read(head, 0)));
    sink.compression?.(compression);
    let size = 0;
    let position = 0;
    let turn = 0;
    const buffers = [new Uint8Array(CHUNK), new Uint8Array(CHUNK)];
    const input: DecoderInput = {
      pull() {
        const buffer = buffers[turn++ & 1]!;
        const n = reader.read(buffer, position);
        if (n === 0) return null;
        position += n;
        const chunk = n === buffer.length ? buffer : buffer.subarray(0, n);
        sink.stored?.(chunk);
        return chunk;
      },
      plain(chunk) {
        size += chunk.length;
        sink.plain(chunk);
      },
      stopped: () => signal?.aborted === true || sink.done?.() === true,
    };
    const damage = await decode(compression, input, extent);
    if (signal?.aborted) throw new Problem('cancelled', 'cancelled');
    return { compression, size, damage };
  } finally {
    reader.close();
  }
}

async function decode(compression: Compression, input: DecoderInput, extent: Extent): Promise<Damage | null> {
  switch (compression) {
    case 'none':
      return copyPlain(input);
    case 'gzip':
      return inflateGzip(input, extent);
    case 'zstd':
      return inflateZstd(input);
    case 'xz':
      return inflateXz(input);
    case 'bzip2':
    case 'lz4':
      throw new Problem(
        'unsupported-compression',
        `${sourceName(extent.source)} is compressed with ${compression}, which exhume does not read; ` +
          `decompress it first (${compression === 'bzip2' ? 'bunzip2' : 'lz4 -d'}). Accepted: plain, gzip, zstd, xz.`,
        { file: sourceName(extent.source), offset: extent.offset },
      );
  }
}

async function copyPlain(input: DecoderInput): Promise<Damage | null> {
  let given = 0;
  for (let chunk = input.pull(); chunk !== null; chunk = input.pull()) {
    input.plain(chunk);
    if (input.stopped()) return null;
    given += chunk.length;
    // Lets signals and the screen in between, about every 16 MB.
    if (given >= 1 << 24) {
      given = 0;
      await new Promise(setImmediate);
    }
  }
  return null;
}
