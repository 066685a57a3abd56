import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { skippableFrame } from '../../fixtures/compress.ts';
import { hasNativeZstd, inflateZstdNatively } from '../../src/bytes/zstd.ts';
import { inflateZstdByWasm } from '../../src/bytes/zstd-wasm.ts';
import {
  decodeWith,
  fingerprint,
  outline,
  whole,
  hasTool,
  type Outcome,
  readAll,
  sampleBytes,
  throughTool,
} from './reading.ts';
import { cases, fc } from '../property.ts';

if (!hasNativeZstd) console.log('this Node writes no zstd: skipping the tests that need some');

const CHUNK = 256 * 1024;
const withZstd = hasTool('zstd');
const runs = cases(20);

/** Node 22.15 and later decode natively, older versions with WebAssembly; both must behave the same. */
const decoders = [
  ['natively', inflateZstdNatively],
  ['through WebAssembly, as on Node 20', inflateZstdByWasm],
] as const;

describe.runIf(hasNativeZstd).each(decoders)('zstd, %s', (_, decoder) => {
  const decode = (blob: Uint8Array, pieceLength = CHUNK): Promise<Outcome> =>
    decodeWith(decoder, blob, pieceLength);

  it('reads one frame in pieces of any size', async () => {
    const content = sampleBytes(700_000);
    const blob = frame(content);
    for (const pieceLength of [CHUNK, 65_536, 4099])
      expect(outline(await decode(blob, pieceLength))).toEqual(whole(content));
    const small = sampleBytes(9000);
    for (const pieceLength of [1, 2, 3, 7])
      expect(outline(await decode(frame(small), pieceLength))).toEqual(whole(small));
  });

  it('reads an empty frame alone and between others', async () => {
    expect(outline(await decode(frame('')))).toEqual(whole(Buffer.alloc(0)));
    const blob = Buffer.concat([frame('a'), frame(''), frame(''), frame('b')]);
    for (const pieceLength of [CHUNK, 5, 1])
      expect(outline(await decode(blob, pieceLength))).toEqual(whole(Buffer.from('ab')));
  });

  it('reads many frames of all sizes, with and without checksums', async () => {
    const parts = Array.from({ length: 400 }, (__, i) => sampleBytes((i * 7919) % 9001, i));
    parts.push(sampleBytes(400_000), sampleBytes(10), sampleBytes(90_000));
    const blob = Buffer.concat(parts.map((part, i) => frame(part, i % 2 === 0)));
    for (const pieceLength of [CHUNK, 10_007, 1000]) {
      expect(outline(await decode(blob, pieceLength))).toEqual(whole(Buffer.concat(parts)));
    }
  });

  it('skips skippable frames before, between and after others, also empty ones', async () => {
    const skip = skippableFrame('x'.repeat(300));
    const blob = Buffer.concat([skip, skippableFrame(''), frame('a'), skip, frame('b'), skip]);
    for (const pieceLength of [CHUNK, 310, 9, 4, 1]) {
      expect(outline(await decode(blob, pieceLength))).toEqual(whole(Buffer.from('ab')));
    }
    expect(outline(await decode(skip))).toEqual(whole(Buffer.alloc(0)));
  });

  it.each([-9, -8, -7, -4, -3, -1, 0, 1, 4])(
    'reads frames whose boundary is %i bytes from the end of a chunk',
    async (shift) => {
      const first = frame(sampleBytes(100_000));
      const filler = CHUNK + shift - first.length - 8;
      const last = frame(sampleBytes(5000, 7), true);
      const blob = Buffer.concat([first, skippableFrame('y'.repeat(filler)), last]);
      expect(outline(await decode(blob))).toEqual(
        whole(Buffer.concat([sampleBytes(100_000), sampleBytes(5000, 7)])),
      );
    },
  );

  it('skips a skippable frame that covers whole chunks', async () => {
    const blob = Buffer.concat([frame('a'), skippableFrame('z'.repeat(3 * CHUNK)), frame('b')]);
    expect(outline(await decode(blob))).toEqual(whole(Buffer.from('ab')));
  });

  it('returns all content and reports bytes after the last frame', async () => {
    const blob = frame(sampleBytes(300_000));
    for (const tail of ['g', 'xyz', 'garbage']) {
      const { plain, damage } = await decode(Buffer.concat([blob, Buffer.from(tail)]));
      expect(fingerprint(plain)).toBe(fingerprint(sampleBytes(300_000)));
      expect(damage).toEqual({
        code: 'trailing-data',
        offset: blob.length,
        message: 'bytes after the last zstd frame',
      });
    }
  });

  it('returns the readable part of a truncated stream', async () => {
    const content = sampleBytes(400_000);
    const blob = Buffer.concat([frame(content.subarray(0, 150_000)), frame(content.subarray(150_000), true)]);
    for (let cut = 5; cut < blob.length; cut += 9973) {
      const { plain, damage } = await decode(blob.subarray(0, cut));
      expect(damage).toEqual({
        code: 'truncated',
        offset: cut,
        message: 'unexpected end of the zstd stream, inside a frame',
      });
      expect(fingerprint(plain)).toBe(fingerprint(content.subarray(0, plain.length)));
    }
  });

  it.runIf(withZstd)('returns at least as much of a truncated stream as zstd -dc', async () => {
    const blob = frame(sampleBytes(2_000_000), true);
    for (const cut of [20, 70_000, CHUNK - 1, CHUNK, CHUNK + 1, 600_000, blob.length - 3, blob.length - 1]) {
      const { plain } = await decode(blob.subarray(0, cut));
      const theirs = throughTool('zstd', ['-dcq'], blob.subarray(0, cut));
      expect(plain.length).toBeGreaterThanOrEqual(theirs.length);
      expect(fingerprint(plain.subarray(0, theirs.length))).toBe(fingerprint(theirs));
    }
  });

  it.runIf(withZstd)('returns at least as much of a damaged stream as zstd -dc', async () => {
    const blob = frame(sampleBytes(2_000_000));
    for (const at of [5000, 140_000, CHUNK - 10, CHUNK + 10, 700_000]) {
      const broken = Buffer.from(blob);
      broken.fill(0xff, at, at + 60);
      const { plain, damage } = await decode(broken);
      const theirs = throughTool('zstd', ['-dcq'], broken);
      expect(damage === null || damage.code === 'corrupt' || damage.code === 'truncated').toBe(true);
      expect(plain.length).toBeGreaterThanOrEqual(theirs.length);
      expect(fingerprint(plain.subarray(0, theirs.length))).toBe(fingerprint(theirs));
    }
  });

  it('returns all of a frame with a wrong checksum', async () => {
    const content = sampleBytes(500_000);
    const blob = frame(content, true);
    const wrong = blob.length - 1;
    blob[wrong] = blob[wrong]! ^ 1;
    const { plain, damage } = await decode(Buffer.concat([frame('before'), blob, frame('after')]));
    expect(fingerprint(plain)).toBe(fingerprint(Buffer.concat([Buffer.from('before'), content])));
    expect(damage?.code).toBe('corrupt');
    expect(damage!.offset).toBe(frame('before').length + wrong - 3);
  });

  it('returns the small frames before a damaged one', async () => {
    const parts = Array.from({ length: 50 }, (__, i) => sampleBytes(3000, i));
    const frames = parts.map((part) => frame(part, true));
    const bad = frames[30]!;
    bad[bad.length - 2] = bad.at(-2)! ^ 1;
    const { plain, damage } = await decode(Buffer.concat(frames));
    expect(fingerprint(plain)).toBe(fingerprint(Buffer.concat(parts.slice(0, 31))));
    expect(damage?.code).toBe('corrupt');
  });

  it('reports a frame that needs too much memory', async () => {
    const blob = frame(sampleBytes(1000));
    // A frame header without a content size, and a window of 4 GiB.
    const huge = Buffer.concat([
      blob.subarray(0, 4),
      Buffer.from([0, (22 << 3) | 0]),
      Buffer.from([1, 0, 0]),
    ]);
    const { damage } = await decode(Buffer.concat([blob, huge]));
    expect(damage).toEqual({
      code: 'corrupt',
      offset: blob.length,
      message: 'a zstd frame needs a window of 4295 MB; the maximum is 134 MB',
    });
  });

  it('never throws and returns no wrong bytes before the damage, for any change', async () => {
    const content = sampleBytes(9000);
    const frames = [content.subarray(0, 4000), content.subarray(4000)].map((part) => frame(part, true));
    const blob = Buffer.concat(frames);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(blob.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom(CHUNK, 50),
        async (at, flip, pieceLength) => {
          const broken = Buffer.from(blob);
          broken[at] = broken[at]! ^ flip;
          const { plain, damage } = await decode(broken, pieceLength);
          if (damage === null && plain.length === content.length)
            expect(fingerprint(plain)).toBe(fingerprint(content));
          if (at > frames[0]!.length)
            expect(fingerprint(plain.subarray(0, 4000))).toBe(fingerprint(content.subarray(0, 4000)));
        },
      ),
      runs,
    );
  });

  it('never throws for random bytes after a zstd magic number', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        async (tail, n) => {
          const blob = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), tail]);
          const outcome = await decode(blob, n);
          expect(outcome.plain).toBeInstanceOf(Buffer);
        },
      ),
      runs,
    );
  });
});

describe.runIf(hasNativeZstd)('both zstd decoders', () => {
  it('return the same bytes and the same damage', async () => {
    const parts = Array.from({ length: 12 }, (_, i) => sampleBytes(1 + i * 4001, i));
    const blob = Buffer.concat(
      parts.flatMap((part, i) => [frame(part, i % 3 === 0), skippableFrame(`${i}`)]),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(blob.length),
        fc.option(fc.nat(blob.length - 1)),
        fc.constantFrom(CHUNK, 3000, 77),
        async (length, flip, pieceLength) => {
          const bytes = Buffer.from(blob);
          if (flip !== null) bytes[flip] = bytes[flip]! ^ 0x55;
          const cut = bytes.subarray(0, length);
          const native = await decodeWith(inflateZstdNatively, cut, pieceLength);
          const wasm = await decodeWith(inflateZstdByWasm, cut, pieceLength);
          expect(wasm.damage === null).toBe(native.damage === null);
          // If a block is both damaged and truncated, one decoder may report the damage and the other the end.
          expect(flip === null ? wasm.damage : null).toEqual(flip === null ? native.damage : null);
          expect(fingerprint(wasm.plain)).toBe(fingerprint(native.plain));
        },
      ),
      runs,
    );
  });

  it('are chosen by the first bytes, including those of a skippable frame', async () => {
    const blob = Buffer.concat([skippableFrame('first'), frame('content')]);
    expect(outline(await readAll(blob))).toEqual(whole(Buffer.from('content')));
  });
});

function frame(content: string | Uint8Array, checksum = false): Buffer {
  return zlib.zstdCompressSync(content, {
    params: { [zlib.constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0 },
  });
}
