import { detectCompression, MAGIC_LENGTH } from '../bytes/compression.ts';
import { readPlain } from '../bytes/decompress.ts';
import { type Extent, ExtentReader } from '../bytes/source.ts';
import type { SparseForm, TarMember, TarSink } from '../tar/member.ts';
import { TarParser } from '../tar/parser.ts';
import { readTar } from '../tar/read.ts';
import { SparseExpander } from './sparse-expander.ts';

/** Wanted members lie apart: a larger window would mostly read what is between them. */
const SEEK_WINDOW = 32 * 1024;

/** Receives the contents of members, one after the other. */
export interface ContentSink {
  /** A piece of the content, holes filled with zeros; valid only during the call. */
  chunk(bytes: Uint8Array): void;
  /**
   * A member's content has been given.
   * @param index which of the members asked for
   * @param complete false where the layer ends before the content does
   */
  end(index: number, complete: boolean): void;
  /** Return true when no more is needed. */
  done?(): boolean;
}

/**
 * Reads the contents of members at known header offsets of a layer, in one pass: by seeking in an
 * uncompressed layer, by inflating up to the last of them in a compressed one.
 * @param offsets header offsets in the uncompressed tar, ascending (see LayerColumns.headerBlock)
 */
export async function readContents(
  extent: Extent,
  offsets: readonly number[],
  sink: ContentSink,
  signal?: AbortSignal,
): Promise<void> {
  if (offsets.length === 0) return;
  const collector = new MemberCollector(offsets, sink);
  if (isUncompressed(extent)) {
    const reader = new ExtentReader(extent);
    try {
      while (collector.nextOffset !== null && !signal?.aborted && sink.done?.() !== true) {
        const parser = new TarParser(collector, collector.nextOffset);
        collector.use(parser);
        readTar(reader, parser, signal, SEEK_WINDOW);
        collector.settle();
      }
    } finally {
      reader.close();
    }
    return;
  }
  let offset = 0;
  let parser = new TarParser(collector, offsets[0]!);
  collector.use(parser);
  await readPlain(
    extent,
    {
      plain(chunk) {
        for (;;) {
          parser.feed(chunk, offset);
          if (parser.ended) collector.settle();
          const next = collector.nextOffset;
          if (!parser.ended || next === null) break;
          parser = new TarParser(collector, next);
          collector.use(parser);
          if (next >= offset + chunk.length) break;
        }
        offset += chunk.length;
      },
      done: () => (collector.nextOffset === null && parser.ended) || sink.done?.() === true,
    },
    signal,
  );
  collector.settle();
}

function isUncompressed(extent: Extent): boolean {
  const reader = new ExtentReader(extent);
  try {
    const head = new Uint8Array(MAGIC_LENGTH);
    return detectCompression(head.subarray(0, reader.read(head, 0))) === 'none';
  } finally {
    reader.close();
  }
}

/** Takes one member from each parser and stops it. */
class MemberCollector implements TarSink {
  readonly #offsets: readonly number[];
  readonly #sink: ContentSink;
  #index = 0;
  #parser: TarParser | null = null;
  #expander: SparseExpander | null = null;
  #settled = true;

  constructor(offsets: readonly number[], sink: ContentSink) {
    this.#offsets = offsets;
    this.#sink = sink;
  }

  /** Where the next member wanted begins; null when all were taken. */
  get nextOffset(): number | null {
    return this.#offsets[this.#index] ?? null;
  }

  use(parser: TarParser): void {
    this.#parser = parser;
    this.#settled = false;
  }

  member(member: TarMember): boolean {
    this.#expander = expanderFor(member.sparse, member.size, (bytes) => this.#sink.chunk(bytes));
    return true;
  }

  data(chunk: Uint8Array): void {
    if (this.#expander === null) this.#sink.chunk(chunk);
    else this.#expander.write(chunk);
    if (this.#sink.done?.() === true) this.#parser?.stop();
  }

  endData(): void {
    const complete = this.#expander === null || this.#expander.end();
    this.#finish(complete);
    this.#parser?.stop();
  }

  /** The parser is done: a member that was not reached, or not to its end, is incomplete. */
  settle(): void {
    if (this.#settled) return;
    this.#finish(false);
  }

  warning(): void {
    // The layer's index has told it already.
  }

  #finish(complete: boolean): void {
    this.#settled = true;
    this.#sink.end(this.#index++, complete);
  }
}

function expanderFor(
  sparse: SparseForm | null,
  size: number,
  write: (bytes: Uint8Array) => void,
): SparseExpander | null {
  return sparse === null ? null : new SparseExpander(sparse, size, write);
}
