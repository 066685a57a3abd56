import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { githubToken } from '../../../fixtures/canary.ts';
import { ociArchive } from '../../../fixtures/forms.ts';
import { buildImage } from '../../../fixtures/image.ts';
import { file, packTar } from '../../../fixtures/tar.ts';
import type { Finding } from '../../../src/finding/finding.ts';
import { alignHistory } from '../../../src/history/align.ts';
import { openPath } from '../../../src/image/open.ts';
import { EarlyScans } from '../../../src/layer/early-scans.ts';
import { LayerPool } from '../../../src/layer/pool.ts';
import { stackImage } from '../../../src/ledger/stack.ts';
import { Masker } from '../../../src/secrets/mask/masker.ts';
import { LayerSearch } from '../../../src/secrets/scan/layer-search.ts';
import { findSecrets } from '../../../src/secrets/scan/find-secrets.ts';
import type { SecretsInput } from '../../../src/secrets/scan/blob-hits.ts';

let folder = '';
let name = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-layer-search-'));
  name = path.join(folder, 'image.tar');
  const cut = (
    await packTar([file('c/.env', `C=${githubToken('cut')}\n`), file('c/x', 'x'.repeat(5000))])
  ).subarray(0, 2500);
  const image = await buildImage({
    steps: [
      { createdBy: 'COPY a /', entries: [file('a/.env', `A=${githubToken('a')}\n`)], compression: 'gzip' },
      { createdBy: 'COPY b /', entries: [file('b/.env', `B=${githubToken('b')}\n`)], compression: 'zstd' },
      { createdBy: 'COPY c /', tar: cut, compression: 'gzip' },
      { createdBy: 'COPY d /', entries: [file('d/.env', `D=${githubToken('d')}\n`)], compression: 'none' },
    ],
  });
  await writeFile(name, await ociArchive([image]));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function search(
  layerSearch?: LayerSearch,
  early?: EarlyScans,
): Promise<{ found: Finding[]; jobs: string[] }> {
  const image = (await openPath(name)).choices[0]!.open();
  const pool = new LayerPool(0);
  const run = vi.spyOn(pool, 'run');
  const reported: number[] = [];
  for (const { blob } of image.layers) early?.begin(blob!);
  const stacked = await stackImage(image, {
    pool,
    verify: 'never',
    layerTask: layerSearch?.listener((done) => reported.push(done)),
    ...(early === undefined ? {} : { early }),
  });
  const history = alignHistory(image.config.history, image.layers.length);
  const origins = image.layers.map(() => 'application' as const);
  const sources = { stacked, history, origins, unreferenced: [], masker: new Masker([]) };
  const found = await findSecrets(sources, { pool, unpack: true, layerSearch, now: 0 });
  if (layerSearch !== undefined && early === undefined) {
    expect(reported.at(-1)).toBeGreaterThan(0);
    expect(reported).toEqual(reported.toSorted((a, b) => a - b));
  }
  // The values found are then searched for in all blobs, without the rules.
  const byRules = run.mock.calls.flatMap(([job]) =>
    job.kind === 'task' && (job.input as SecretsInput).only !== undefined ? [] : [job.kind],
  );
  return { found, jobs: byRules.toSorted() };
}

it('finds the same while indexing as in a separate pass, and applies the rules to no blob twice', async () => {
  const separate = await search();
  expect(separate.found).toHaveLength(4);
  expect(separate.jobs.filter((job) => job === 'task')).toHaveLength(4);
  const concurrent = await search(new LayerSearch(true, [], 0));
  expect(concurrent.found).toEqual(separate.found);
  // The uncompressed layer is indexed by its headers alone, so it needs a separate scan.
  expect(concurrent.jobs).toEqual(['scan', 'scan', 'scan', 'task']);
});

it('finds the same in layers that are indexed during the download', async () => {
  const layerSearch = new LayerSearch(true, [], 0);
  const early = new EarlyScans({ digests: false, task: layerSearch.call, smallest: 0 });
  try {
    const { found, jobs } = await search(layerSearch, early);
    expect(found).toEqual((await search()).found);
    expect(jobs).toEqual([]);
  } finally {
    early.close();
  }
});
