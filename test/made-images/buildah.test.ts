import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntryFacts } from '../../src/ledger/entry-facts.ts';
import { run } from '../commands/run.ts';
import { tool, wanting } from './tools.ts';
import { finalTree, listing, treeOfFolder } from './tree.ts';

const { skip, reason } = wanting('buildah', 'skopeo', 'umoci', 'busybox');

const CONTAINERFILE = `FROM scratch
COPY busybox /bin/busybox
COPY busybox /bin/sh
COPY app/ /app/
LABEL maker=tests
RUN busybox chmod 4755 /bin/busybox && busybox mkdir -p /var/deep/er && busybox echo kept > /var/deep/er/kept
RUN busybox rm /app/secret.txt && busybox rm -r /var/deep && busybox ln -s /app/main /main
RUN busybox mkdir /var/deep && busybox echo again > /var/deep/new && busybox chmod 0755 /bin/busybox
RUN busybox ln /app/main /app/hard && busybox chown 1000:1001 /app/main
`;

interface Form {
  readonly name: string;
  readonly options: readonly string[];
  /** As skopeo and exhume name it; `FOLDER` is replaced with the directory of the test. */
  readonly target: string;
  readonly compression: 'none' | 'gzip' | 'zstd';
}

const ZSTD = ['--dest-compress', '--dest-compress-format', 'zstd'];

const FORMS: readonly Form[] = [
  {
    name: 'docker-archive',
    options: [],
    target: 'docker-archive:FOLDER/docker.tar:made/app:1',
    compression: 'none',
  },
  { name: 'dir', options: [], target: 'dir:FOLDER/dir', compression: 'gzip' },
  { name: 'plain dir', options: ['--dest-decompress'], target: 'dir:FOLDER/plain', compression: 'none' },
  { name: 'zstd dir', options: ZSTD, target: 'dir:FOLDER/dir-zstd', compression: 'zstd' },
  { name: 'OCI gzip', options: [], target: 'oci:FOLDER/gzip:app', compression: 'gzip' },
  { name: 'OCI zstd', options: ZSTD, target: 'oci:FOLDER/zstd:app', compression: 'zstd' },
  { name: 'OCI archive', options: [], target: 'oci-archive:FOLDER/oci.tar:app', compression: 'gzip' },
];

describe.skipIf(skip)(`a buildah image in the formats of skopeo${reason}`, () => {
  let folder = '';
  let layout = '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'exhume-buildah-'));
    layout = `oci:${path.join(folder, 'built')}:app`;
    const context = path.join(folder, 'context');
    await mkdir(path.join(context, 'app'), { recursive: true });
    await writeFile(path.join(context, 'Containerfile'), CONTAINERFILE);
    await writeFile(path.join(context, 'app/main'), '#!/bin/sh\n', { mode: 0o755 });
    await writeFile(path.join(context, 'app/secret.txt'), 'shipped by mistake\n');
    await tool('cp', '--dereference', '/bin/busybox', context);
    const policy = path.join(folder, 'policy.json');
    await writeFile(policy, JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] }));
    const [root, runroot] = [path.join(folder, 'storage'), path.join(folder, 'run')];
    const storage = ['--root', root, '--runroot', runroot, '--storage-driver', 'vfs'];
    const buildah = (command: string, ...argv: string[]): Promise<string> =>
      tool('buildah', ...storage, command, '--signature-policy', policy, ...argv);
    await buildah('bud', '--layers', '--isolation', 'chroot', '--network', 'host', '-t', 'made', context);
    await buildah('push', 'made', layout);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has the same final tree as umoci unpacks', async () => {
    const target = path.join(folder, 'unpacked');
    await tool('umoci', 'raw', 'unpack', '--image', layout.replace('oci:', ''), target);
    expect(await finalTree(layout)).toEqual(await treeOfFolder(target));
  });

  it('lists what a later instruction deleted', async () => {
    expect(await run('cat', layout, '/app/secret.txt')).toMatchObject({ stdout: 'shipped by mistake\n' });
    const deleted = (await listing(layout, '--deleted')).map((entry) => entry.path);
    expect(deleted).toEqual(expect.arrayContaining(['/app/secret.txt', '/var/deep/er', '/var/deep/er/kept']));
  });

  it('has an instruction for every layer', async () => {
    const { stdout } = await run('history', layout, '--json');
    const { history } = JSON.parse(stdout) as { history: { instruction: string; layer: number | null }[] };
    const made = history.filter((entry) => entry.layer !== null).map((entry) => entry.instruction);
    expect(made.map((instruction) => instruction.split(' ', 1)[0])).toEqual([
      'COPY',
      'COPY',
      'COPY',
      'RUN',
      'RUN',
      'RUN',
      'RUN',
    ]);
  });

  it.each(FORMS)('has the same entries as $name', async ({ options, target, compression }) => {
    const image = target.replace('FOLDER', folder);
    await tool('skopeo', '--insecure-policy', 'copy', '--quiet', ...options, layout, image);
    const { layers } = JSON.parse((await run('summary', image, '--json')).stdout) as {
      layers: { compression: string }[];
    };
    expect(new Set(layers.map((layer) => layer.compression))).toEqual(new Set([compression]));
    expect((await listing(image)).map(withoutHash)).toEqual((await listing(layout)).map(withoutHash));
  });
});

/** Removes the hashes: which of them are computed depends on how the layer is stored. */
function withoutHash(facts: EntryFacts): Omit<EntryFacts, 'sha256'> {
  const { sha256, ...others } = facts;
  expect(sha256 ?? '').toMatch(/^([0-9a-f]{64})?$/);
  return others;
}
