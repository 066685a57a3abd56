import { createHash } from 'node:crypto';
import type * as fs from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { gzip } from '../../fixtures/compress.ts';
import { readPlain } from '../../src/bytes/decompress.ts';
import { Gaps } from '../../src/bytes/gaps.ts';
import { type Extent, ExtentReader, fileExtent, ReadProblem } from '../../src/bytes/source.ts';
import { digestBlob } from '../../src/layer/digest-blob.ts';
import { hashInPlace } from '../../src/layer/hash-in-place.ts';
import { healAll, markBad } from './bad-sectors.ts';

vi.mock('node:fs', async (original) =>
  (await import('./bad-sectors.ts')).onBadDisk(await original<typeof fs>()),
);

const SIZE = 300_000;
let folder = '';
let file = '';
/** Bytes that gzip cannot make much smaller. */
let state = 1;
const content = Buffer.from(
  Array.from({ length: SIZE }, () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 16),
);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'exhume-bad-'));
  file = path.join(folder, 'blob');
  writeFileSync(file, content);
});
afterEach(healAll);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function reading<T>(extent: Extent, use: (reader: ExtentReader) => T): T {
  const reader = new ExtentReader(extent);
  try {
    return use(reader);
  } finally {
    reader.close();
  }
}

async function plainOf(extent: Extent) {
  const chunks: Buffer[] = [];
  const result = await readPlain(extent, { plain: (chunk) => void chunks.push(Buffer.from(chunk)) });
  return { ...result, bytes: Buffer.concat(chunks) };
}

describe('a range that the system cannot read', () => {
  it('is a problem with file and offset, and what comes before it is read', () => {
    markBad(file, 10_000, 10_001);
    const target = Buffer.alloc(20_000);
    const problem = reading(fileExtent(file), (reader) => {
      try {
        return reader.read(target, 0);
      } catch (error) {
        return error;
      }
    });
    expect(problem).toBeInstanceOf(ReadProblem);
    // Sectors have 512 bytes: the one that holds byte 10,000 begins at 9,728.
    expect(problem).toMatchObject({ code: 'read-error', done: 9728, place: { file, offset: 9728 } });
    expect(target.subarray(0, 9728).equals(content.subarray(0, 9728))).toBe(true);
  });

  it('is passed over on request, to the sector', () => {
    markBad(file, 10_000, 12_000);
    const target = Buffer.alloc(SIZE);
    const gaps = new Gaps();
    expect(reading(fileExtent(file), (reader) => reader.readAround(target, 0, gaps))).toBe(SIZE);
    expect(gaps.list).toMatchObject([{ code: 'unreadable', offset: 9728, length: 2560 }]);
    expect(target.subarray(9728, 12_288).every((byte) => byte === 0xff)).toBe(true);
    expect(target.subarray(12_288).equals(content.subarray(12_288))).toBe(true);
  });

  it('counts from the start of the extent, while the message names the offset in the file', () => {
    markBad(file, 10_240, 10_241);
    const extent: Extent = { source: { kind: 'file', path: file }, offset: 10_000, size: 5000 };
    const gaps = new Gaps();
    reading(extent, (reader) => reader.readAround(Buffer.alloc(5000), 0, gaps));
    expect(gaps.list).toMatchObject([{ offset: 240, length: 512 }]);
    expect(gaps.list[0]!.message).toContain(`${file} at offset 10240`);
  });

  it('costs a plain blob that range only, and both digests', async () => {
    markBad(file, 150_000, 150_001);
    const { bytes, damage, gaps } = await plainOf(fileExtent(file));
    expect(bytes.length).toBe(SIZE);
    expect(gaps).toHaveLength(1);
    expect(damage).toBe(gaps[0]);
    expect(bytes.subarray(200_000).equals(content.subarray(200_000))).toBe(true);
    expect(await digestBlob(fileExtent(file))).toMatchObject({ digest: null, diffId: null });
  });

  it('costs the contents that it touches their hashes, and no others', async () => {
    markBad(file, 20_000, 20_512);
    const ranges = [
      { offset: 0, size: 20_000 },
      { offset: 20_100, size: 10 },
      { offset: 19_000, size: 150_000 },
      { offset: 200_000, size: 90_000 },
      { offset: 250_000, size: 60_000 },
    ].toSorted((one, other) => one.offset - other.offset);
    const { hashes, unreadable } = await hashInPlace(fileExtent(file), ranges, undefined);
    const sha256 = (from: number, to: number): string =>
      createHash('sha256').update(content.subarray(from, to)).digest('latin1');
    expect(hashes).toEqual([sha256(0, 20_000), null, null, sha256(200_000, 290_000), null]);
    expect(unreadable).toMatchObject({ code: 'unreadable', offset: 19_968 });
  });

  it('leaves of a compressed blob what comes before it', async () => {
    const packed = path.join(folder, 'blob.gz');
    const stored = gzip(content);
    writeFileSync(packed, stored);
    const from = Math.floor(stored.length / 2);
    markBad(packed, from, from + 1);
    const { bytes, damage } = await plainOf(fileExtent(packed));
    expect(damage).toMatchObject({ code: 'unreadable', offset: from - (from % 512) });
    expect(bytes.length).toBeGreaterThan(SIZE / 4);
    expect(bytes.equals(content.subarray(0, bytes.length))).toBe(true);
    expect(await digestBlob(fileExtent(packed))).toMatchObject({ digest: null, diffId: null });
  });

  it('at the very start leaves the rest of a blob', async () => {
    markBad(file, 0, 1);
    const { bytes, compression } = await plainOf(fileExtent(file));
    expect(compression).toBe('none');
    expect(bytes.subarray(512).equals(content.subarray(512))).toBe(true);
  });
});

describe('other errors', () => {
  it('of opening a file are problems too', () => {
    const gone: Extent = { source: { kind: 'file', path: path.join(folder, 'gone') }, offset: 0, size: 1 };
    expect(() => new ExtentReader(gone)).toThrow(ReadProblem);
  });

  it('are not taken for read errors: a closed reader is a fault of the program', () => {
    const reader = new ExtentReader(fileExtent(file));
    reader.close();
    expect(() => reader.read(Buffer.alloc(1), 0)).toThrow(RangeError);
  });

  it('of a sink go through', async () => {
    const failing = readPlain(fileExtent(file), {
      plain() {
        throw new TypeError('a fault of the program');
      },
    });
    await expect(failing).rejects.toThrow(TypeError);
  });
});
