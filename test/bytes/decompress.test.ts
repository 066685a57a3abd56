import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compress, type FixtureCompression, gzip, hasZstd } from '../../fixtures/compress.ts';
import { type Compression, detectCompression } from '../../src/bytes/compression.ts';
import { readPlain } from '../../src/bytes/decompress.ts';
import { fileExtent } from '../../src/bytes/source.ts';
import { Problem } from '../../src/problem.ts';
import { fingerprint, outline, whole, extentOf, readAll, sampleBytes } from './reading.ts';

const forms: readonly FixtureCompression[] = hasZstd
  ? ['none', 'gzip', 'gzip-members', 'zstd', 'zstd-frames', 'zstd-skippable']
  : ['none', 'gzip', 'gzip-members'];

describe('detectCompression', () => {
  it.each<[Compression, number[]]>([
    ['gzip', [0x1f, 0x8b]],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
    ['zstd', [0x50, 0x2a, 0x4d, 0x18]],
    ['zstd', [0x5f, 0x2a, 0x4d, 0x18]],
    ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
    ['bzip2', [0x42, 0x5a, 0x68]],
    ['lz4', [0x04, 0x22, 0x4d, 0x18]],
    ['none', [0x4f, 0x2a, 0x4d, 0x18]],
    ['none', [0x60, 0x2a, 0x4d, 0x18]],
    ['none', [0x1f]],
    ['none', []],
  ])('returns %s for %j', (expected, bytes) => {
    expect(detectCompression(Uint8Array.from(bytes))).toBe(expected);
  });
});

describe.each(forms)('a blob stored as %s', (form) => {
  const content = sampleBytes(900_000);
  const blob = compress(content, form);

  it('is read completely', async () => {
    expect(outline(await readAll(blob))).toEqual(whole(content));
  });

  it('reports its compression first, and passes every stored byte', async () => {
    const events: string[] = [];
    const stored: Buffer[] = [];
    const { plain } = await readAll(blob, {
      compression: (compression) => events.push(compression),
      stored: (chunk) => {
        events.push('stored');
        stored.push(Buffer.from(chunk));
      },
    });
    expect(fingerprint(plain)).toBe(fingerprint(content));
    expect(events[0]).toBe(form.replace(/-.*/, ''));
    expect(fingerprint(Buffer.concat(stored))).toBe(fingerprint(blob));
  });

  it('stops reading when the sink is done', async () => {
    let seen = 0;
    const result = await readPlain(extentOf(blob), {
      plain: (chunk) => {
        seen += chunk.length;
      },
      done: () => seen > 0,
    });
    expect(result.damage).toBeNull();
    expect(result.size).toBe(seen);
    expect(seen).toBeLessThan(content.length);
  });

  it('can be cancelled before and during reading', async () => {
    await expect(readAll(blob, {}, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    const controller = new AbortController();
    const reading = readPlain(extentOf(blob), { plain: () => controller.abort() }, controller.signal);
    await expect(reading).rejects.toBeInstanceOf(Problem);
  });

  it('rethrows errors of the sink', async () => {
    const full = new Problem('write-failed', 'no space left');
    const reading = readPlain(extentOf(blob), {
      plain: () => {
        throw full;
      },
    });
    await expect(reading).rejects.toBe(full);
  });

  it('is read from within a file without the bytes around it', async () => {
    const file = Buffer.concat([Buffer.from('before'), blob, Buffer.from('after')]);
    const extent = { ...extentOf(file), offset: 6, size: blob.length };
    const parts: Buffer[] = [];
    const { damage } = await readPlain(extent, { plain: (chunk) => parts.push(Buffer.from(chunk)) });
    expect(outline({ plain: Buffer.concat(parts), damage })).toEqual(whole(content));
  });
});

describe('damaged blobs', () => {
  it.each(forms.filter((form) => form !== 'none'))(
    'passes every stored byte once, for the digest (%s)',
    async (form) => {
      const blob = compress(sampleBytes(2_000_000), form);
      blob.fill(0xff, 30_000, 230_000);
      const stored: Buffer[] = [];
      const { damage } = await readAll(blob, { stored: (chunk) => stored.push(Buffer.from(chunk)) });
      expect(damage).not.toBeNull();
      expect(fingerprint(Buffer.concat(stored))).toBe(fingerprint(blob));
    },
  );

  it.each<[FixtureCompression]>([['none'], ['gzip']])(
    'reports a file that is truncated while it is read (%s)',
    async (form) => {
      const file = path.join(folder, `cut-${form}`);
      const blob = compress(sampleBytes(500_000), form);
      writeFileSync(file, blob);
      const extent = fileExtent(file);
      truncateSync(file, 100_000);
      let size = 0;
      const result = await readPlain(extent, {
        plain: (chunk) => {
          size += chunk.length;
        },
      });
      expect(result.damage).toMatchObject({ code: 'truncated', offset: 100_000 });
      expect(result.size).toBe(size);
    },
  );

  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'exhume-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
});

describe('unsupported compressions', () => {
  it.each([
    ['bzip2', 'BZh91AY&SY', 'bunzip2'],
    ['lz4', '\x04\x22\x4d\x18abc', 'lz4 -d'],
  ])('rejects %s with advice', async (name, head, remedy) => {
    const error = await readAll(Buffer.from(head, 'latin1')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: 'unsupported-compression', place: { file: 'blob', offset: 0 } });
    expect(String(error)).toContain(name);
    expect(String(error)).toContain(remedy);
  });
});

describe('a decompression bomb', () => {
  const zeros = Buffer.alloc(32 << 20);
  const bombs: [string, Buffer][] = [['gzip', gzip(zeros)]];
  if (hasZstd) bombs.push(['zstd', zlib.zstdCompressSync(zeros)]);

  it.each(bombs)('is streamed in bounded memory (%s)', async (_, piece) => {
    const blob = Buffer.concat([piece, piece, piece, piece, piece, piece, piece, piece]);
    const before = process.memoryUsage().rss;
    let size = 0;
    let most = 0;
    const { damage } = await readPlain(extentOf(blob), {
      plain(chunk) {
        size += chunk.length;
        most = Math.max(most, chunk.length);
      },
    });
    expect(damage).toBeNull();
    expect(size).toBe(8 * zeros.length);
    expect(most).toBeLessThanOrEqual(256 * 1024);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
  });

  it.each(bombs)('can be stopped during a write (%s)', async (_, piece) => {
    let size = 0;
    await readPlain(extentOf(piece), {
      plain: (chunk) => {
        size += chunk.length;
      },
      done: () => size > 1 << 20,
    });
    expect(size).toBeLessThan(4 << 20);
  });
});
