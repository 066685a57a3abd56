import xz from 'xz-decompress';
import { Problem } from '../problem.ts';
import { Breather, type Damage, type DecoderInput } from './decoder.ts';
import { type Extent, sourceName } from './source.ts';

/** Bytes per chunk near damage. When the decoder fails, the output for its last chunk is lost. */
const FINE = 16;

/** Results of xz-embedded (enum xz_ret), as numbered in the library's messages. */
const MEMORY_LIMIT = 4;
const NO_XZ = 5;
const OPTIONS = 6;
const INPUT_ENDED = 8;

/**
 * Inflates an xz blob of one or many streams with WebAssembly. Layers rarely use xz; archives that people
 * keep often do.
 * @throws Problem `unsupported-compression` for checks and filters that the decoder does not support
 */
export async function inflateXz(input: DecoderInput, extent: Extent): Promise<Damage | null> {
  const first = await attempt(input, Number.POSITIVE_INFINITY);
  if (first === null) return null;
  if (first.code === MEMORY_LIMIT || first.code === OPTIONS) {
    const name = sourceName(extent.source);
    const feature = first.code === OPTIONS ? 'integrity check or filter' : 'dictionary size';
    throw new Problem(
      'unsupported-compression',
      `${name}: unsupported xz ${feature}; decompress it first (xz -d)`,
      { file: name, offset: extent.offset + first.offset },
    );
  }
  if (first.code === INPUT_ENDED) {
    return { code: 'truncated', offset: first.end, message: 'unexpected end of the xz stream' };
  }
  input.restart();
  const failure = (await attempt(input, first.offset)) ?? first;
  return failure.code === NO_XZ
    ? { code: 'trailing-data', offset: failure.offset, message: 'bytes after the end of the xz stream' }
    : { code: 'corrupt', offset: failure.offset, message: 'damaged xz stream' };
}

interface Failure {
  /** A result of xz-embedded, or -1. */
  readonly code: number;
  /** The failure is in the input between this offset and `end`. */
  readonly offset: number;
  readonly end: number;
}

/** @param fineFrom offset from which the decoder gets only a few bytes at a time */
async function attempt(input: DecoderInput, fineFrom: number): Promise<Failure | null> {
  let end = 0;
  let last = 0;
  let rest: Uint8Array = new Uint8Array(0);
  const stored = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (rest.length === 0) rest = input.pull() ?? rest;
        last = end + rest.length > fineFrom ? Math.min(FINE, rest.length) : rest.length;
        if (last === 0) {
          controller.close();
          return;
        }
        controller.enqueue(rest.subarray(0, last));
        rest = rest.subarray(last);
        end += last;
      },
    },
    // Do not read ahead: the previous chunk must not be overwritten, and `end` must be the number of bytes used.
    { highWaterMark: 0 },
  );
  const reader = new xz.XzReadableStream(stored).getReader();
  const breather = new Breather();
  try {
    for (;;) {
      const next = await reader.read().catch(failureCode);
      if (typeof next === 'number') return { code: next, offset: end - last, end };
      if (next.done) return null;
      if (next.value.length > 0) input.plain(next.value);
      if (input.stopped()) return null;
      await breather.after(next.value.length);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function failureCode(error: unknown): number {
  const code = error instanceof Error ? /error code (\d+)$/.exec(error.message)?.[1] : undefined;
  return code === undefined ? -1 : Number(code);
}
