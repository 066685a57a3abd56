import { createHash, hash } from 'node:crypto';
import { Breather, type Damage } from '../bytes/decoder.ts';
import { Gaps } from '../bytes/gaps.ts';
import { type Extent, ExtentReader } from '../bytes/source.ts';
import { Problem } from '../problem.ts';

/** Where a content lies in the tar, in bytes. */
export interface ContentRange {
  readonly offset: number;
  readonly size: number;
}

/** The most that is read at once. */
const WINDOW = 128 * 1024;
/** Contents so close to each other are read at once: that much costs no more than another read. */
const NEAR = 8 * 1024;

/**
 * Computes the sha256 of contents of an uncompressed layer whose places are known, without parsing headers.
 * @param ranges in ascending order, none twice
 * @returns hashes of 32 bytes as latin1 strings, null for a content that is cut short or unreadable, and the
 * first of the ranges that the system could not read
 * @throws ReadProblem if the blob cannot be opened; Problem `cancelled` when the signal fires
 */
export async function hashInPlace(
  extent: Extent,
  ranges: readonly ContentRange[],
  signal: AbortSignal | undefined,
): Promise<{ readonly hashes: readonly (string | null)[]; readonly unreadable: Damage | null }> {
  const window = new Window(extent);
  const breather = new Breather();
  const hashes: (string | null)[] = [];
  try {
    for (const [i, range] of ranges.entries()) {
      stopIfAborted(signal);
      if (!window.holds(range)) window.read(range.offset, endOfNear(ranges, i));
      hashes.push(
        window.holds(range) ? hashWindow(window, range) : await hashPieces(window, range, breather, signal),
      );
      await breather.after(Math.min(range.size, WINDOW));
    }
    return { hashes, unreadable: window.unreadable };
  } finally {
    window.close();
  }
}

/** A piece of the layer in memory. */
class Window {
  /** The first gap that a content had. */
  unreadable: Damage | null = null;
  /** Offset of the first byte, and of the one behind the last. */
  start = 0;
  end = 0;
  readonly #reader: ExtentReader;
  readonly #buffer = new Uint8Array(WINDOW);
  readonly #gaps = new Gaps();
  #gapList: readonly Damage[] = [];

  constructor(extent: Extent) {
    this.#reader = new ExtentReader(extent);
  }

  holds({ offset, size }: ContentRange): boolean {
    return offset >= this.start && offset + size <= this.end;
  }

  /** Reads from `start` up to `stop`, or as much of it as there is and fits. */
  read(start: number, stop: number): void {
    const target = this.#buffer.subarray(0, Math.min(WINDOW, stop - start));
    this.start = start;
    this.end = start + this.#reader.readAround(target, start, this.#gaps);
    this.#gapList = this.#gaps.list;
  }

  bytes(offset: number, end: number): Uint8Array {
    return this.#buffer.subarray(offset - this.start, end - this.start);
  }

  /** Reports whether the system could read all of a content that has gone by. */
  isReadable({ offset, size }: ContentRange): boolean {
    const isWithin = (gap: Damage): boolean =>
      gap.offset < offset + size && gap.offset + (gap.length ?? 0) > offset;
    const gap = this.#gapList.find(isWithin);
    this.unreadable ??= gap ?? null;
    return gap === undefined;
  }

  close(): void {
    this.#reader.close();
  }
}

/** Hashes at once: a hash object for each small file would cost more than the hashing, and so would a buffer. */
function hashWindow(window: Window, range: ContentRange): string | null {
  const { offset, size } = range;
  return window.isReadable(range) ? hash('sha256', window.bytes(offset, offset + size), 'latin1') : null;
}

/** Hashes a content that is larger than the window, whose beginning is there. */
async function hashPieces(
  window: Window,
  range: ContentRange,
  breather: Breather,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const whole = createHash('sha256');
  const stop = range.offset + range.size;
  while (window.end > window.start) {
    whole.update(window.bytes(window.start, window.end));
    if (window.end === stop) return window.isReadable(range) ? whole.digest('latin1') : null;
    await breather.after(window.end - window.start);
    stopIfAborted(signal);
    window.read(window.end, stop);
  }
  return null;
}

function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Problem('cancelled', 'cancelled');
}

/** The end of the last content that is read together with the one at `first`. */
function endOfNear(ranges: readonly ContentRange[], first: number): number {
  const { offset, size } = ranges[first]!;
  let end = offset + size;
  for (let i = first + 1; i < ranges.length; i++) {
    const next = ranges[i]!;
    if (next.offset > end + NEAR || next.offset + next.size > offset + WINDOW) break;
    end = next.offset + next.size;
  }
  return end;
}
