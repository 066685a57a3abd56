import { Breather, type Damage } from '../bytes/decoder.ts';
import { readPlain } from '../bytes/decompress.ts';
import { readCompression } from '../bytes/plain.ts';
import { type Extent, ExtentReader, ReadProblem } from '../bytes/source.ts';
import { Problem } from '../problem.ts';
import type { TarMember, TarSink, TarWarning } from '../tar/member.ts';
import { TarParser } from '../tar/parser.ts';
import { SparseExpander } from './sparse-expander.ts';

/** The most that is read at once. */
const SEEK_WINDOW = 128 * 1024;
/** So much is read of a member at first: wanted members lie apart. */
const FIRST_READ = 32 * 1024;
/** Members so close to each other are read at once: that much costs no more than another read. */
const NEAR = 8 * 1024;

/** Receives the contents of members, one after the other. */
export interface ContentSink {
  /** A piece of the content, holes filled with zeros; valid only during the call. */
  chunk(bytes: Uint8Array): void;
  /**
   * A member's content has been given. Called once for each member asked for, in order, unless
   * `done` ended the reading.
   * @param index which of the members asked for
   * @param complete false where the layer ends before the content does, where no member begins at
   * the offset, and where a sparse file's map makes no sense or claims holes of more than 4 GiB
   */
  end(index: number, complete: boolean): void;
  /** Return true when no more is needed. */
  done?(): boolean;
}

/**
 * Reads the contents of members at known header offsets of a layer, in one pass: by seeking in an
 * uncompressed layer, by inflating up to the last of them in a compressed one.
 * @param offsets header offsets in the uncompressed tar, each larger than the one before (see
 * LayerColumns.headerBlock)
 * @returns the first damage or unreadable range that was met, with its offset in the stored blob; null if there was none
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

/** Members that cannot be read are incomplete; those after them are read. */
async function seekContents(reader: ExtentReader, collector: MemberCollector): Promise<Damage | null> {
  let damage: Damage | null = null;
  const readUpTo = (target: Uint8Array, from: number): number => {
    try {
      return reader.read(target, from);
    } catch (error) {
      if (!(error instanceof ReadProblem)) throw error;
      // Bytes that were read ahead may not be wanted.
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
    // Members that lie close together are taken from the same window, unless its end cuts them in two.
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

/** Takes the members wanted, one after the other, each from a parser that begins at it. */
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

  /** Points the parser at the next member wanted; false where no more is. */
  open(): boolean {
    const offset = this.#offsets[this.#index];
    if (offset === undefined || this.#enough()) return false;
    this.parser.restart(offset);
    this.#open = true;
    return true;
  }

  /** How many bytes to read at the member that was opened, for it and those that follow closely; at most `most`. */
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

  /** The parser has no more to give: a member that was not reached, or not to its end, is incomplete. */
  settle(): void {
    if (this.#open) this.#finish(false);
  }

  /** Every member still wanted is not there. */
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
    // The layer's index has told them already. Where no header is, there is no looking for another.
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
