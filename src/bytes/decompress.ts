import { isMainThread } from 'node:worker_threads';
import { Problem } from '../problem.ts';
import type { Compression } from './compression.ts';
import { Breather, CHUNK, type Damage, type DecoderInput } from './decoder.ts';
import { inflateGzip } from './gzip.ts';
import { Gaps } from './gaps.ts';
import { readCompression } from './plain.ts';
import { type Extent, ExtentReader, ReadProblem, sourceName } from './source.ts';
import { inflateZstd } from './zstd.ts';

/** Receives the bytes of a blob while it is read. Chunks are valid only during the call. */
export interface PlainSink {
  /** Uncompressed bytes, in order. */
  plain(chunk: Uint8Array): void;
  /** Memory for uncompressed bytes. Some decoders ignore it and pass chunks in memory of their own. */
  readonly output?: Uint8Array | undefined;
  /** The bytes as stored, in order, up to the blob's end even if it is damaged; for the digest. */
  stored?(chunk: Uint8Array): void;
  /** Called first, with the compression of the blob. */
  compression?(compression: Compression): void;
  /** Returns true if no more bytes are needed: reading stops early, without an error. */
  done?(): boolean;
}

/** How reading a blob ended. */
export interface PlainResult {
  readonly compression: Compression;
  /** Uncompressed bytes passed to the sink. */
  readonly size: number;
  /** Why bytes are missing, with the offset in the stored blob; or null. */
  readonly damage: Damage | null;
  /**
   * Ranges of the stored blob that the system could not read. In a plain blob, the sink gets 0xff in their place and
   * reading continues; in a compressed blob, reading stops at the first range.
   */
  readonly gaps: readonly Damage[];
}

/**
 * Reads a blob and decompresses it as its first bytes require.
 * Damage is not thrown: the sink gets everything that can be read, and the result says where the damage is.
 * @param here inflate on this thread, which is faster; not on the main thread, which draws the screen
 * @throws Problem `unsupported-compression` for bzip2 and lz4; `cancelled` when the signal fires;
 * whatever the sink throws
 */
export async function readPlain(
  extent: Extent,
  sink: PlainSink,
  signal?: AbortSignal,
  here = !isMainThread,
): Promise<PlainResult> {
  const reader = new ExtentReader(extent);
  try {
    const compression = readCompression(reader);
    sink.compression?.(compression);
    const input = new BlobInput(reader, sink, signal, here, compression === 'none');
    let damage = await decode(compression, input, extent).catch((error: unknown) =>
      input.stopAt(error, extent),
    );
    if (signal?.aborted) throw new Problem('cancelled', 'cancelled');
    if (!input.stopped()) {
      if (sink.stored !== undefined) input.pullRest();
      damage ??= input.shortfall();
    }
    const gaps = input.gaps.list;
    // Decoders see an unreadable range as the end of the stream, so report the gap instead.
    return { compression, size: input.given, damage: gaps[0] ?? damage, gaps };
  } finally {
    reader.close();
  }
}

/** Reads the stored bytes into two alternating buffers, and counts bytes read and written. */
class BlobInput implements DecoderInput {
  readonly here: boolean;
  readonly output: Uint8Array | undefined;
  /** Uncompressed bytes passed to the sink. */
  given = 0;
  readonly gaps = new Gaps();
  readonly #around: boolean;
  readonly #reader: ExtentReader;
  readonly #sink: PlainSink;
  readonly #signal: AbortSignal | undefined;
  readonly #buffers: readonly [Uint8Array, Uint8Array];
  #turn: 0 | 1 = 0;
  #position = 0;
  /** Stored bytes that the sink has; beyond `#position` after a restart. */
  #seen = 0;
  #skip = 0;
  #cut = false;

  /** @param around continue after unreadable ranges, see {@link ExtentReader.readAround} */
  constructor(
    reader: ExtentReader,
    sink: PlainSink,
    signal: AbortSignal | undefined,
    here: boolean,
    around: boolean,
  ) {
    this.here = here;
    this.#around = around;
    this.output = sink.output;
    this.#reader = reader;
    this.#sink = sink;
    this.#signal = signal;
    // Most JSON blobs and many layers are far smaller than a chunk.
    const length = Math.max(1, Math.min(CHUNK, reader.size));
    this.#buffers = [new Uint8Array(length), new Uint8Array(length)];
  }

  pull(): Uint8Array | null {
    const buffer = this.#buffers[this.#turn];
    this.#turn = this.#turn === 0 ? 1 : 0;
    const n = this.#read(buffer);
    if (n < buffer.length && this.#position + n < this.#reader.size) this.#cut = true;
    if (n === 0) return null;
    const chunk = n === buffer.length ? buffer : buffer.subarray(0, n);
    this.#position += n;
    if (this.#position > this.#seen) {
      const news = this.#position - this.#seen;
      this.#seen = this.#position;
      this.#sink.stored?.(news === n ? chunk : chunk.subarray(n - news));
    }
    return chunk;
  }

  #read(buffer: Uint8Array): number {
    if (this.#around) return this.#reader.readAround(buffer, this.#position, this.gaps);
    try {
      return this.#reader.read(buffer, this.#position);
    } catch (error) {
      if (!(error instanceof ReadProblem)) throw error;
      this.#lose(this.#position + error.done, error.message);
      return error.done;
    }
  }

  /** Records everything from an offset on as unreadable, because a decoder cannot skip a gap. */
  #lose(offset: number, message: string): void {
    if (this.gaps.list.length === 0) this.gaps.add(offset, this.#reader.size - offset, message);
  }

  /**
   * Records a read error of a decoder that reads the file itself.
   * @throws any other error
   */
  stopAt(error: unknown, extent: Extent): null {
    if (!(error instanceof ReadProblem)) throw error;
    this.#lose((error.place.offset ?? extent.offset) - extent.offset, error.message);
    return null;
  }

  plain(chunk: Uint8Array): void {
    let news = chunk;
    if (this.#skip > 0) {
      const passed = Math.min(this.#skip, chunk.length);
      this.#skip -= passed;
      news = chunk.subarray(passed);
    }
    if (news.length === 0) return;
    this.given += news.length;
    this.#sink.plain(news);
  }

  stopped(): boolean {
    return this.#signal?.aborted === true || this.#sink.done?.() === true;
  }

  restart(): void {
    this.#position = 0;
    this.#skip = this.given;
  }

  /** Passes the stored bytes that the decoder left unread to the sink. */
  pullRest(): void {
    this.#position = this.#seen;
    while (this.pull() !== null);
  }

  /** Returns the damage if the file is shorter than when its size was read; else null. */
  shortfall(): Damage | null {
    if (!this.#cut) return null;
    const missing = this.#reader.size - this.#seen;
    return {
      code: 'truncated',
      offset: this.#seen,
      message: `unexpected end of file: ${missing} ${missing === 1 ? 'byte' : 'bytes'} missing`,
    };
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
      // Loaded on demand: the module embeds a WebAssembly program, and few archives need it.
      return (await import('./xz.ts')).inflateXz(input, extent);
    case 'bzip2':
    case 'lz4':
      throw new Problem(
        'unsupported-compression',
        `${sourceName(extent.source)}: unsupported compression ${compression}; ` +
          `decompress it first (${compression === 'bzip2' ? 'bunzip2' : 'lz4 -d'}). Accepted: plain, gzip, zstd, xz.`,
        { file: sourceName(extent.source), offset: extent.offset },
      );
  }
}

async function copyPlain(input: DecoderInput): Promise<Damage | null> {
  const breather = new Breather();
  for (let chunk = input.pull(); chunk !== null && !input.stopped(); chunk = input.pull()) {
    input.plain(chunk);
    if (input.stopped()) return null;
    await breather.after(chunk.length);
  }
  return null;
}
