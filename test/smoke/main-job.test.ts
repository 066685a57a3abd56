import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DELETED, writeImages } from './images.ts';
import { exhume, NODE } from './program.ts';

const FORMS = [
  'docker-archive',
  'docker 25',
  'oci gzip, many members',
  'oci zstd',
  'oci zstd, many frames',
  'oci zstd, skippable frames',
  'oci layout',
  'dir',
];

let folder = '';
let images: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-smoke-'));
  images = await writeImages(folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe(`the built program on ${NODE === process.execPath ? 'the Node of the tests' : NODE}`, () => {
  it('summarizes the demonstration image', async () => {
    const { status, stdout, stderr } = await exhume(['summary']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('exhume/leaky:1');
    expect(stdout).toMatch(/digests\s+(\d+) of \1 recomputed and matching/);
  });

  it('recovers the deleted files of the demonstration image', async () => {
    const { status, stdout } = await exhume(['cat', images.get('demo')!, '/password.txt']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\S+\n$/);
  });

  it.each(FORMS)('lists and reads %s', async (form) => {
    const image = images.get(form)!;
    const listing = await exhume(['ls', image, '--json']);
    expect([listing.status, listing.stderr]).toEqual([0, '']);
    const { entries, layers } = JSON.parse(listing.stdout) as {
      entries: { path: string; layer: number; state: string }[];
      layers: { verified: { digest: boolean | null; diffId: boolean | null } }[];
    };
    const lines = entries.map(({ path: at, layer, state }) => `${layer} ${at} ${state}`);
    expect(lines).toEqual([
      '0 /app live',
      '0 /app/main.js shadowed',
      '0 /app/notes.txt deleted',
      '0 /app/tool live',
      '2 /app/main.js live',
    ]);
    expect(layers.map((layer) => layer.verified.diffId)).toEqual([true, true, true]);
    expect(await exhume(['cat', image, DELETED.path])).toMatchObject({ status: 0, stdout: DELETED.content });
    const older = await exhume(['cat', image, '/app/main.js', '--layer', '0']);
    expect(older.stdout).toHaveLength('console.log(1);\n'.length * 40_000);
  });
});
