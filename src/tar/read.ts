import { Gaps } from '../bytes/gaps.ts';
import type { ExtentReader } from '../bytes/source.ts';
import type { TarParser } from './parser.ts';

/** Bytes per read; fastest in measurements. Larger reads include contents that are not needed. */
const WINDOW = 128 * 1024;

/** Time that {@link readTarInTurns} works before it yields to the event loop, in milliseconds. */
const TURN = 12;

/**
 * Feeds a parser from a reader that can seek. Contents are read only if the sink asks for them.
 * @returns the size of the tar in bytes: less than the reader's size if the file is shorter than before
 */
export function readTar(reader: ExtentReader, parser: TarParser, window = WINDOW): number {
  const steps = readingSteps(reader, parser, bufferFor(reader, window), new Gaps());
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Does the same as {@link readTar}, but yields to the event loop for signals and the screen.
 * @param signal ends reading early; the caller must check whether it fired
 * @param gaps receives the ranges that the system cannot read; headers after them are still found
 */
export async function readTarInTurns(
  reader: ExtentReader,
  parser: TarParser,
  signal: AbortSignal | undefined,
  gaps = new Gaps(),
): Promise<number> {
  const buffer = parser.window ?? bufferFor(reader, WINDOW);
  const steps = readingSteps(reader, parser, buffer, gaps);
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - began < TURN) continue;
    await new Promise(setImmediate);
    if (signal?.aborted) parser.stop();
    began = performance.now();
  }
}

function bufferFor({ size }: ExtentReader, window: number): Uint8Array {
  return new Uint8Array(Math.max(1, Math.min(window, size)));
}

/** Reads window by window; returns the size of the tar. */
function* readingSteps(
  reader: ExtentReader,
  parser: TarParser,
  buffer: Uint8Array,
  gaps: Gaps,
): Generator<undefined, number, undefined> {
  let size = reader.size;
  while (parser.next < size && !parser.finished) {
    const at = parser.next;
    const n = reader.readAround(buffer, at, gaps);
    if (n < buffer.length && at + n < size) size = sizeBefore(reader, at + n);
    parser.feed(n === buffer.length ? buffer : buffer.subarray(0, n), at);
    yield;
  }
  parser.end(size);
  return size;
}

/** Finds the new end of a file that became shorter: at most `known`, where a read returned too few bytes. */
function sizeBefore(reader: ExtentReader, known: number): number {
  const byte = new Uint8Array(1);
  let low = 0;
  let high = known;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (reader.readAround(byte, middle, new Gaps()) === 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
