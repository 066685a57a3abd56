import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { file, packTar } from '../../fixtures/tar.ts';
import { readContents } from '../../src/layer/content.ts';
import { hashEntries } from '../../src/layer/hash-entries.ts';
import { hashInPlace } from '../../src/layer/hash-in-place.ts';
import { LayerEntries } from '../../src/ledger/layer-entries.ts';
import { PathTable } from '../../src/layer/path-table.ts';
import { LayerPool } from '../../src/layer/pool.ts';
import { readWindow } from '../../src/layer/window.ts';
import { Problem } from '../../src/problem.ts';
import { extentOf } from '../ledger-of.ts';
import { indexTar } from './building.ts';

const LONG = Array.from({ length: 40_000 }, (_, i) => `line ${i}\n`).join('');
const tar = await packTar([file('short', 'short'), file('empty'), file('long', LONG), file('last', 'end')]);
const blocks = [...indexTar(tar).columns.headerBlock];

describe.each([
  ['a plain layer', (bytes: Uint8Array) => extentOf(bytes)],
  ['a compressed layer', (bytes: Uint8Array) => extentOf(gzipSync(bytes))],
])('of %s', (_name, stored) => {
  const extent = stored(tar);

  it('the contents wanted come in order, and no others', async () => {
    const contents: string[] = [];
    let text = '';
    await readContents(
      extent,
      [blocks[0]!, blocks[2]!, blocks[3]!].map((block) => block * 512),
      {
        chunk: (bytes) => {
          text += Buffer.from(bytes).toString('latin1');
        },
        end: (_index, complete) => {
          contents.push(complete ? text : 'incomplete');
          text = '';
        },
      },
    );
    expect(contents).toEqual(['short', LONG, 'end']);
  });

  it('a place where no member begins is told of', async () => {
    const ends: boolean[] = [];
    const sink = { chunk: () => {}, end: (_index: number, complete: boolean) => ends.push(complete) };
    await readContents(extent, [(blocks[2]! + 2) * 512, blocks[3]! * 512], {
      ...sink,
      end: (index, complete) => void sink.end(index, complete),
    });
    expect(ends).toEqual([false, true]);
  });

  it.each([
    [0, 10, 'line 0\nlin', false],
    [LONG.length - 5, 100, LONG.slice(-5), true],
    [LONG.length, 10, '', true],
  ])('a window at %i holds what is there', async (offset, length, text, last) => {
    const window = await readWindow(extent, blocks[2]! * 512, offset, length);
    expect([Buffer.from(window.bytes).toString(), window.last]).toEqual([text, last]);
  });

  it('have the same hashes whether their places are known or not, and whatever lies between them', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `f${i}`);
    const text = (i: number): string => `${i} `.repeat((i * i * 97) % 90_000);
    const many = await packTar(names.map((name, i) => file(name, text(i))));
    const indexed = new LayerEntries(indexTar(many).columns, null);
    const layer = stored(many);
    for (const step of [1, 7, 29]) {
      const wanted = names.flatMap((_, i) => (i % step === 0 ? [i] : []));
      const placed = wanted.map((entry) => indexed.place(entry));
      const unplaced = placed.map((place) => ({ ...place, content: null }));
      const expected = wanted.map((i) => createHash('sha256').update(text(i)).digest('hex'));
      for (const asked of [placed, unplaced]) {
        const { entries, sha256 } = await hashEntries(layer, asked);
        expect([...entries]).toEqual(wanted);
        expect(
          wanted.map((_, n) => Buffer.from(sha256.subarray(n * 32, n * 32 + 32)).toString('hex')),
        ).toEqual(expected);
      }
    }
  });

  it('a content is hashed once however often it is asked for', async () => {
    const place = { entry: 2, headerBlock: blocks[2]!, content: null };
    const { entries } = await hashEntries(extent, [place, place]);
    expect([...entries]).toEqual([2]);
  });
});

it('stops hashing contents of a plain layer when the signal fires', async () => {
  const hashing = hashInPlace(extentOf(tar), [{ offset: 512, size: 5 }], AbortSignal.abort());
  await expect(hashing).rejects.toMatchObject({ code: 'cancelled' });
});

it('offsets that do not ascend are a mistake of the caller', async () => {
  const sink = { chunk: () => {}, end: () => {} };
  await expect(readContents(extentOf(tar), [512, 512], sink)).rejects.toThrow(RangeError);
});

describe('a pool', () => {
  it("does jobs on its caller's thread, too, where that one helps", async () => {
    const pool = new LayerPool(1, 'helps');
    expect(pool.lanes).toBe(2);
    const jobs = [tar, gzipSync(tar), tar].map((bytes) =>
      pool.run({ kind: 'digest', extent: extentOf(bytes) }),
    );
    const diffIds = new Set((await Promise.all(jobs)).map(({ diffId }) => diffId));
    expect(diffIds.size).toBe(1);
    pool.close();
  });

  it.each([0, 1])('of %i threads does a job, and none after it was closed', async (threads) => {
    const pool = new LayerPool(threads);
    const options = { digests: true, hashContents: 'none' } as const;
    const scan = await pool.run({ kind: 'scan', extent: extentOf(tar), options });
    expect(scan.columns.count).toBe(4);
    pool.close();
    const late = pool.run({ kind: 'digest', extent: extentOf(tar) });
    await expect(late).rejects.toSatisfy((error) => error instanceof Problem && error.code === 'cancelled');
  });

  it("puts the paths of a scan on its caller's thread into the caller's table", async () => {
    const paths = new PathTable();
    const pool = new LayerPool(0, 'helps');
    const options = { digests: false, hashContents: 'none' } as const;
    const scan = await pool.run({ kind: 'scan', extent: extentOf(tar), options }, undefined, paths);
    expect(scan.paths).toBeNull();
    expect([...scan.columns.path].map((id) => Buffer.from(paths.path(id)).toString())).toEqual([
      '/short',
      '/empty',
      '/long',
      '/last',
    ]);
    pool.close();
  });

  it('starts no thread for a small image', () => {
    const lanes = [1000, 1e9].map((bytes) => LayerPool.for(bytes, 'free').lanes);
    expect(lanes).toEqual([1, Math.min(availableParallelism(), 8)]);
  });
});
