import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dpkgStatus } from '../../fixtures/demo-base.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file, type FixtureEntry, whiteout } from '../../fixtures/tar.ts';
import { type ChangedFile, changedFiles } from '../../src/packages/changed-files.ts';
import { stackedImage } from '../stacked.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-changed-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function changed(...layers: FixtureEntry[][]): Promise<ChangedFile[]> {
  const image = await buildImage({ steps: layers.map((entries, i) => ({ createdBy: `RUN ${i}`, entries })) });
  const archive = path.join(folder, 'image.tar');
  await writeFile(archive, await dockerArchive([image], { form: 'podman' }));
  return changedFiles(await stackedImage(archive), undefined);
}

const sums = (content: string): FixtureEntry =>
  file('var/lib/dpkg/info/ssh.md5sums', `${createHash('md5').update(content).digest('hex')}  lib/ssh/sshd\n`);
const status = (version: string): FixtureEntry =>
  file('var/lib/dpkg/status', dpkgStatus('ssh', version, 1, 'x'));
const sshd = (content: string, mode = 0o755): FixtureEntry => file('usr/lib/ssh/sshd', content, { mode });
const base = [sshd('as shipped'), sums('as shipped'), status('9.1')];

it('reports a packaged file that a later layer changed, with its package', async () => {
  expect(await changed(base, [sshd('with a back door')])).toEqual([
    { path: '/usr/lib/ssh/sshd', layer: 1, package: 'ssh', version: '9.1', state: 'live' },
  ]);
});

it('reports a change that was undone later as shadowed, and ignores deletions', async () => {
  const found = await changed(base, [sshd('other')], [sshd('as shipped')], [whiteout('usr/lib/ssh/sshd')]);
  expect(found).toMatchObject([{ layer: 1, state: 'deleted' }]);
  expect(await changed(base, [sshd('other')], [sshd('as shipped')])).toMatchObject([
    { layer: 1, state: 'shadowed' },
  ]);
});

it('ignores upgrades, mode changes and files without a package', async () => {
  expect(await changed(base, [sshd('newer'), sums('newer'), status('9.2')])).toEqual([]);
  expect(await changed(base, [sshd('as shipped', 0o4755)])).toEqual([]);
  expect(await changed([file('opt/own', 'a')], [file('opt/own', 'b')])).toEqual([]);
});
