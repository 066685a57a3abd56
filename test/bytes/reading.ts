import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Damage, DecoderInput } from '../../src/bytes/decoder.ts';
import { type PlainSink, readPlain } from '../../src/bytes/decompress.ts';
import { type Extent, memorySource } from '../../src/bytes/source.ts';

/** The result of reading a blob. */
export interface Outcome {
  readonly plain: Buffer;
  readonly damage: Damage | null;
}

/** Returns a whole array as an extent. */
export function extentOf(bytes: Uint8Array, name = 'blob'): Extent {
  return { source: memorySource(name, bytes), offset: 0, size: bytes.length };
}

/** Reads a blob to its end on this thread and with zlib's threads, and checks that both results are equal. */
export async function readAll(
  bytes: Uint8Array,
  sink: Omit<PlainSink, 'plain'> = {},
  signal?: AbortSignal,
): Promise<Outcome> {
  const elsewhere = await readOnce(bytes, {}, signal, true);
  const outcome = await readOnce(bytes, sink, signal, false);
  if (sink.done === undefined) expect(outline(elsewhere)).toEqual(outline(outcome));
  return outcome;
}

async function readOnce(
  bytes: Uint8Array,
  sink: Omit<PlainSink, 'plain'>,
  signal: AbortSignal | undefined,
  here: boolean,
): Promise<Outcome> {
  const parts: Buffer[] = [];
  const { damage } = await readPlain(
    extentOf(bytes),
    { ...sink, plain: (chunk) => parts.push(Buffer.from(chunk)) },
    signal,
    here,
  );
  return { plain: Buffer.concat(parts), damage };
}

/** Runs one decoder on bytes in pieces of a given length, on this thread and on others. */
export async function decodeWith(
  decoder: (input: DecoderInput) => Promise<Damage | null>,
  bytes: Uint8Array,
  pieceLength: number,
): Promise<Outcome> {
  const elsewhere = await decodeOnce(decoder, bytes, pieceLength, false);
  const outcome = await decodeOnce(decoder, bytes, pieceLength, true);
  expect(outline(elsewhere)).toEqual(outline(outcome));
  return outcome;
}

async function decodeOnce(
  decoder: (input: DecoderInput) => Promise<Damage | null>,
  bytes: Uint8Array,
  pieceLength: number,
  here: boolean,
): Promise<Outcome> {
  const parts: Buffer[] = [];
  let at = 0;
  let given = 0;
  let skip = 0;
  const damage = await decoder({
    here,
    pull() {
      if (at >= bytes.length) return null;
      // Pass a copy, so that a decoder cannot read bytes outside of its input.
      const piece = bytes.slice(at, at + pieceLength);
      at += piece.length;
      return piece;
    },
    plain(chunk) {
      const passed = Math.min(skip, chunk.length);
      skip -= passed;
      given += chunk.length - passed;
      parts.push(Buffer.from(chunk.subarray(passed)));
    },
    stopped: () => false,
    restart() {
      at = 0;
      skip = given;
    },
  });
  return { plain: Buffer.concat(parts), damage };
}

/** Returns bytes of which half look random and half repeat, so that compressors write blocks of every kind. */
export function sampleBytes(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = (i >> 12) % 2 === 0 ? state >>> 24 : 0x61 + (i % 17);
  }
  return bytes;
}

/** Reports whether a tool is installed, and logs if it is not. */
export function hasTool(name: string): boolean {
  const found = spawnSync(name, ['--version']).status === 0;
  if (!found) console.log(`${name} is not installed: skipping the comparison with it`);
  return found;
}

/** Returns the output of a tool such as `gzip -dc`, also for damaged input. */
export function throughTool(name: string, args: readonly string[], input: Uint8Array): Buffer {
  return spawnSync(name, args, { input, maxBuffer: 2 ** 28 }).stdout;
}

/** Summarizes a long byte array for comparisons: its length and hash. */
export function fingerprint(bytes: string | Uint8Array): string {
  return `${Buffer.byteLength(bytes)} bytes ${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Summarizes a result for comparisons. */
export function outline({ plain, damage }: Outcome): { plain: string; damage: Damage | null } {
  return { plain: fingerprint(plain), damage };
}

/** Returns the summary of complete content. */
export function whole(content: string | Uint8Array): { plain: string; damage: null } {
  return { plain: fingerprint(content), damage: null };
}
