import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file } from '../../fixtures/tar.ts';
import { run } from './run.ts';

let folder = '';
let image = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-version-1-'));
  image = path.join(folder, 'image.tar');
  const entries = [
    file('app/.env', `GITHUB_TOKEN=${githubToken('version 1')}\nAPI_TOKEN=changeme-changeme\n`),
  ];
  const built = await buildImage({ steps: [{ createdBy: 'COPY . /app', entries }], names: ['exhume/v1:1'] });
  await writeFile(image, await dockerArchive([built], { form: 'podman' }));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes a report as schema version 1 had it. Returns its path. */
async function reportOfVersion1(): Promise<string> {
  const report = path.join(folder, 'report.json');
  await run('report', image, '-o', report, '--force');
  const { findings, ...rest } = JSON.parse(await readFile(report, 'utf8')) as {
    findings: { suppressed: string | null }[];
  };
  const earlier = findings.map(({ suppressed, ...each }) => ({ ...each, demoted: suppressed })); // version 1
  const target = path.join(folder, 'version-1.json');
  await writeFile(target, JSON.stringify({ ...rest, schema: 'exhume/report/1', findings: earlier }));
  return target;
}

it('verify reads a report of schema version 1', async () => {
  const { status, stdout } = await run('verify', await reportOfVersion1(), image, '--json');
  const { findings } = JSON.parse(stdout) as { findings: { kind: string; result: string }[] };
  expect(findings.filter(({ kind }) => kind === 'secret').map(({ result }) => result)).toEqual([
    'persisting',
  ]);
  expect(status).toBe(1);
});

it('scan accepts the former name of --show-suppressed', async () => {
  const { stdout } = await run('scan', image, '--show-suppressed');
  expect((await run('scan', image, '--show-demoted')).stdout).toBe(stdout);
  expect((await run('scan', image)).stdout).not.toBe(stdout);
});
