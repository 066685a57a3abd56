import { Breather, type Damage } from '../bytes/decoder.ts';
import { readPlain } from '../bytes/decompress.ts';
import { readCompression } from '../bytes/plain.ts';
import { type Extent, ExtentReader, ReadProblem } from '../bytes/source.ts';
import { Problem } from '../problem.ts';
import type { TarMember, TarSink, TarWarning } from '../tar/member.ts';
import { TarParser } from '../tar/parser.ts';
import { SparseExpander } from './sparse-expander.ts';

/** Largest read, in bytes. */
const SEEK_WINDOW = 128 * 1024;
/** Bytes read first at a member: wanted members are usually far apart. */
const FIRST_READ = 32 * 1024;
/** Members at most this many bytes apart are read together: reading the gap costs no more than a second read. */
const NEAR = 8 * 1024;

/** Receives the contents of members, one after the other. */
export interface ContentSink {
  /** Takes a piece of the content, with holes filled with zeros. It is valid only during the call. */
  chunk(bytes: Uint8Array): void;
  /**
   * Ends a member's content. Called once for each requested member, in order, unless
   * `done` ended the reading.
   * @param index index of the member among the requested ones
   * @param complete false if the layer ends before the content does, if no member begins at the offset, or if
   * a sparse file's map is invalid or claims holes of more than 4 GiB
   */
  end(index: number, complete: boolean): void;
  /** Returns true when no more content is needed. */
  done?(): boolean;
}

/**
 * Reads the contents of members at known header offsets of a layer, in one pass. It seeks in an uncompressed
 * layer, and inflates a compressed one up to the last of them.
 * @param offsets header offsets in the uncompressed tar, strictly ascending (see LayerColumns.headerBlock)
 * @returns the first damage or unreadable range, with its offset in the stored blob; null if there was none
 * @throws ReadProblem if the blob cannot be opened; Problem `cancelled` when the signal fires; whatever the sink throws
 */
export async function readContents(
  extent: Extent,
  offsets: readonly number[],
  sink: ContentSink,
  signal?: AbortSignal,
): Promise<Damage | null> {
  if (offsets.some((offset, i) => i > 0 && offset <= offsets[i - 1]!)) {
    throw new RangeError('the offsets of members must ascend');
  }
  if (offsets.length === 0) return null;
  const collector = new MemberCollector(offsets, sink, signal);
  const reader = new ExtentReader(extent);
  let damage: Damage | null;
  try {
    damage =
      readCompression(reader) === 'none'
        ? await seekContents(reader, collector)
        : await streamContents(extent, collector, signal);
  } finally {
    reader.close();
  }
  if (signal?.aborted) throw new Problem('cancelled', 'cancelled');
  collector.giveUp();
  return damage;
}

/** Reads members by seeking. A member that cannot be read is incomplete; those after it are still read. */
async function seekContents(reader: ExtentReader, collector: MemberCollector): Promise<Damage | null> {
  let damage: Damage | null = null;
  const readUpTo = (target: Uint8Array, from: number): number => {
    try {
      return reader.read(target, from);
    } catch (error) {
      if (!(error instanceof ReadProblem)) throw error;
      // An error after the first bytes may concern only bytes read ahead that nobody wants.
      if (error.done === 0) damage ??= { code: 'unreadable', offset: from, message: error.message };
      return error.done;
    }
  };
  const breather = new Breather();
  const buffer = new Uint8Array(SEEK_WINDOW);
  let base = 0;
  let window = buffer.subarray(0, 0);
  const read = async (from: number, length: number): Promise<void> => {
    base = from;
    window = buffer.subarray(0, readUpTo(length < buffer.length ? buffer.subarray(0, length) : buffer, from));
    await breather.after(window.length);
  };
  while (collector.open()) {
    const { parser } = collector;
    // Members close together are read from the same window, unless its end cuts one in two.
    if (parser.next < base || parser.next + FIRST_READ > base + window.length) {
      await read(parser.next, collector.stretch(SEEK_WINDOW));
    }
    while (!parser.ended && parser.next < reader.size) {
      if (parser.next < base || parser.next >= base + window.length) await read(parser.next, SEEK_WINDOW);
      if (window.length === 0) break;
      parser.feed(window, base);
    }
    collector.settle();
  }
  return damage;
}

async function streamContents(
  extent: Extent,
  collector: MemberCollector,
  signal: AbortSignal | undefined,
): Promise<Damage | null> {
  let offset = 0;
  let more = collector.open();
  const { parser } = collector;
  const { damage } = await readPlain(
    extent,
    {
      plain(chunk) {
        const end = offset + chunk.length;
        while (more && parser.next < end) {
          parser.feed(chunk, offset);
          if (!parser.ended) break;
          collector.settle();
          more = collector.open();
        }
        offset = end;
      },
      done: () => !more,
    },
    signal,
  );
  if (more) collector.settle();
  return damage;
}

/** Collects the wanted members one after the other, each with a parser that begins at it. */
class MemberCollector implements TarSink {
  readonly parser: TarParser = new TarParser(this);
  readonly #offsets: readonly number[];
  readonly #sink: ContentSink;
  readonly #signal: AbortSignal | undefined;
  #index = 0;
  #expander: SparseExpander | null = null;
  #open = false;

  constructor(offsets: readonly number[], sink: ContentSink, signal: AbortSignal | undefined) {
    this.#offsets = offsets;
    this.#sink = sink;
    this.#signal = signal;
  }

  /** Points the parser at the next wanted member. Returns false if there is none left. */
  open(): boolean {
    const offset = this.#offsets[this.#index];
    if (offset === undefined || this.#enough()) return false;
    this.parser.restart(offset);
    this.#open = true;
    return true;
  }

  /** Returns how many bytes to read for the current member and those that follow closely; at most `most`. */
  stretch(most: number): number {
    const from = this.#offsets[this.#index]!;
    let stretch = FIRST_READ;
    for (let next = this.#index + 1; next < this.#offsets.length && stretch < most; next++) {
      const distance = this.#offsets[next]! - from;
      if (distance > stretch + NEAR) break;
      stretch = distance + FIRST_READ;
    }
    return Math.min(most, stretch);
  }

  /** Ends the parser's input: a member that was not reached, or not read to its end, is incomplete. */
  settle(): void {
    if (this.#open) this.#finish(false);
  }

  /** Reports every member that is still wanted as incomplete. */
  giveUp(): void {
    while (this.#index < this.#offsets.length && !this.#enough()) this.#finish(false);
  }

  member(member: TarMember): boolean {
    if (member.headerOffset !== this.#offsets[this.#index]) {
      this.#finish(false);
      this.parser.stop();
      return false;
    }
    const write = (bytes: Uint8Array): void => this.#sink.chunk(bytes);
    this.#expander =
      member.sparse === null
        ? null
        : new SparseExpander(member.sparse, member.size, write, () => this.#enough());
    return true;
  }

  data(chunk: Uint8Array): void {
    if (this.#expander === null) this.#sink.chunk(chunk);
    else this.#expander.write(chunk);
    if (this.#enough()) this.parser.stop();
  }

  endData(): void {
    this.#finish(this.#expander === null || this.#expander.end());
    this.parser.stop();
  }

  warning(warning: TarWarning): void {
    // Already reported by the indexer. Do not resynchronize after a bad header here.
    if (warning.code === 'bad-header') this.parser.stop();
  }

  #enough(): boolean {
    return this.#signal?.aborted === true || this.#sink.done?.() === true;
  }

  #finish(complete: boolean): void {
    this.#open = false;
    this.#expander = null;
    this.#sink.end(this.#index++, complete);
  }
}
