import { Gaps } from '../bytes/gaps.ts';
import type { ExtentReader } from '../bytes/source.ts';
import type { TarParser } from './parser.ts';

/** Reads of this size measured best; larger ones drag in bodies that nobody wants. */
const WINDOW = 128 * 1024;

/** How long {@link readTarInTurns} works before it lets others in, in milliseconds. */
const TURN = 12;

/**
 * Drives a parser over bytes that can be read at any offset: bodies are never read unless the
 * sink asks for them.
 * @returns the size of the tar in bytes: less than the reader's where its file has been cut short
 */
export function readTar(reader: ExtentReader, parser: TarParser, window = WINDOW): number {
  const steps = readingSteps(reader, parser, bufferFor(reader, window), new Gaps());
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The same, with pauses in which signals and a screen get their turn.
 * @param signal ends the reading early; whoever gave it has to look whether it fired
 * @param gaps takes the ranges that the system cannot read; headers after them are found all the same
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

/** Reads window by window; the value at the end is the tar's size. */
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

/** The end of a file that was cut short since it was measured: at most `known`, where a read gave too little. */
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
