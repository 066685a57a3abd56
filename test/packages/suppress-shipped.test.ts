import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rsaKey } from '../../fixtures/canary-keys.ts';
import { dpkgStatus } from '../../fixtures/demo-base.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file, type FixtureEntry } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { run } from '../commands/run.ts';

let folder = '';
const { pem } = rsaKey('openssl sample', { steps: [95, 209] });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-suppressed-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Returns the findings for the key in an image with these layers. */
async function keys(...layers: FixtureEntry[][]): Promise<Finding[]> {
  const image = await buildImage({ steps: layers.map((entries, i) => ({ createdBy: `RUN ${i}`, entries })) });
  const archive = path.join(folder, 'image.tar');
  await writeFile(archive, await dockerArchive([image], { form: 'podman' }));
  const { stdout } = await run('scan', archive, '--json');
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return findings.filter(({ rule }) => rule.startsWith('private-key'));
}

const shipped = [
  file('usr/lib/app/server.key', pem),
  file(
    'var/lib/dpkg/info/app.md5sums',
    `${createHash('md5').update(pem).digest('hex')}  usr/lib/app/server.key\n`,
  ),
  file('var/lib/dpkg/status', dpkgStatus('app', '1.2-3', 1, 'x')),
];

it('suppresses a key that a package ships, and names the package', async () => {
  expect(await keys(shipped)).toMatchObject([{ suppressed: 'shipped by app 1.2-3' }]);
});

it('reports the same key at another path', async () => {
  expect(await keys(shipped, [file('root/server.key', pem)])).toMatchObject([{ suppressed: null }]);
  expect(await keys([file('usr/lib/app/server.key', pem)])).toMatchObject([{ suppressed: null }]);
});

it('reports a tar member that the packaged file replaced in the same layer', async () => {
  const other = rsaKey('another key').pem;
  const found = await keys([file('usr/lib/app/server.key', other), ...shipped]);
  expect(found.map(({ suppressed }) => suppressed)).toEqual([null, 'shipped by app 1.2-3']);
});
