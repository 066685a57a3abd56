import xz from 'xz-decompress';
import { Problem } from '../problem.ts';
import { Breather, type Damage, type DecoderInput } from './decoder.ts';
import { type Extent, sourceName } from './source.ts';

/** When the decoder fails, the output of its last input is lost: near damage it is given so few bytes. */
const FINE = 16;

/** Numbers of xz-embedded's results (enum xz_ret), as the library's messages name them. */
const MEMORY_LIMIT = 4;
const NO_XZ = 5;
const OPTIONS = 6;
const INPUT_ENDED = 8;

/**
 * Inflates an xz blob of one or many streams through WebAssembly. Rare for layers, usual for
 * archives kept by people.
 * @throws Problem `unsupported-compression` for the checks and filters that the decoder lacks
 */
export async function inflateXz(input: DecoderInput, extent: Extent): Promise<Damage | null> {
  const first = await attempt(input, Number.POSITIVE_INFINITY);
  if (first === null) return null;
  if (first.code === MEMORY_LIMIT || first.code === OPTIONS) {
    const name = sourceName(extent.source);
    const lacking = first.code === OPTIONS ? 'a check or a filter' : 'a dictionary size';
    throw new Problem(
      'unsupported-compression',
      `${name} is compressed with xz and ${lacking} that exhume does not read; decompress it first (xz -d)`,
      { file: name, offset: extent.offset + first.offset },
    );
  }
  if (first.code === INPUT_ENDED) {
    return { code: 'truncated', offset: first.end, message: 'the xz stream ends before its end' };
  }
  input.restart();
  const failure = (await attempt(input, first.offset)) ?? first;
  return failure.code === NO_XZ
    ? { code: 'trailing-data', offset: failure.offset, message: 'bytes after the end of the xz stream' }
    : { code: 'corrupt', offset: failure.offset, message: 'the xz stream is damaged' };
}

interface Failure {
  /** One of xz-embedded's results, or -1. */
  readonly code: number;
  /** The failure is in the input from here to `end`. */
  readonly offset: number;
  readonly end: number;
}

/** @param fineFrom from this offset on the decoder gets only a few bytes at once */
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
    // Nothing is read ahead: the chunk before must not be overwritten, and `end` is what was used.
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
