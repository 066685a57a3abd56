import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerArchive, ociArchive } from '../../fixtures/forms.ts';
import { tamperedLayer, truncatedGzipLayer } from '../../fixtures/hostile-bytes.ts';
import { hostileNames } from '../../fixtures/hostile.ts';
import { buildImage } from '../../fixtures/image.ts';
import { device, dir, file, hardlink, opaque, symlink, whiteout } from '../../fixtures/tar.ts';
import type { EntryFacts } from '../../src/ledger/entry-facts.ts';
import { isSafe } from '../../src/text/escape.ts';
import { violations } from '../schema-of.ts';
import { run } from './run.ts';

let folder = '';
let archive = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-test-'));
  const image = await buildImage({
    names: ['shop/app:2'],
    steps: [
      {
        createdBy: '/bin/sh -c #(nop) ADD file:base in / ',
        entries: [
          dir('etc/'),
          file('etc/passwd', 'root:x:0:0\n', { mode: 0o644 }),
          file('bin/su', 'binary', { mode: 0o4755 }),
          dir('opt/'),
          dir('opt/app/'),
          file('opt/app/old', 'old'),
          symlink('link', 'etc/passwd'),
          hardlink('hard', 'etc/passwd'),
        ],
      },
      { createdBy: 'COPY key /root/key # buildkit', entries: [dir('root/'), file('root/key', 'first')] },
      { empty: true, createdBy: 'ENV A=1' },
      {
        createdBy: 'RUN rotate # buildkit',
        entries: [
          file('root/key', 'other'),
          file('etc/passwd', 'root:x:0:0\n', { mode: 0o600 }),
          opaque('opt/app'),
        ],
      },
      {
        createdBy: 'RUN rm /root/key # buildkit',
        entries: [whiteout('root/key'), device('root/dev', 'character', 1, 3)],
      },
    ],
  });
  archive = path.join(folder, 'image.tar');
  await writeFile(archive, await dockerArchive([image], { form: 'podman' }));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function entries(...argv: string[]): Promise<EntryFacts[]> {
  const { stdout, status } = await run('ls', archive, '--json', ...argv);
  expect(status).toBe(0);
  return (JSON.parse(stdout) as { entries: EntryFacts[] }).entries;
}

const pathsOf = (list: readonly EntryFacts[]): string[] => list.map((entry) => entry.path);

describe('ls', () => {
  it('--final lists the final tree', async () => {
    expect(pathsOf(await entries('--final'))).toEqual([
      '/bin/su',
      '/etc',
      '/etc/passwd',
      '/hard',
      '/link',
      '/opt',
      '/opt/app',
      '/root',
      '/root/dev',
    ]);
  });

  it('--changes lists a deletion in the layer that deletes, with its whiteout', async () => {
    const deleted = (await entries('--changes')).filter((entry) => entry.change === 'deleted');
    expect(deleted).toMatchObject([
      { path: '/opt/app/old', layer: 2, via: '/opt/app', deletedBy: 'opaque', type: 'file', size: 3 },
      { path: '/root/key', layer: 3, via: '/root/key', deletedBy: 'whiteout', size: 5 },
    ]);
  });

  it('--deleted lists every generation of a path that the final tree does not have', async () => {
    expect((await entries('--deleted')).map(({ path: at, layer, state }) => [at, layer, state])).toEqual([
      ['/opt/app/old', 0, 'deleted'],
      ['/root/key', 1, 'deleted'],
      ['/root/key', 2, 'deleted'],
    ]);
  });

  it('--after N lists the tree after a layer', async () => {
    expect(pathsOf(await entries('--after', '1'))).toContain('/opt/app/old');
    expect(pathsOf(await entries('--after', '2'))).not.toContain('/opt/app/old');
  });

  it('--setuid and --match filter entries', async () => {
    expect(pathsOf(await entries('--setuid'))).toEqual(['/bin/su']);
    expect(pathsOf(await entries('--match', '/etc/**', '--final'))).toEqual(['/etc/passwd']);
    expect(pathsOf(await entries('--match', 'pass*', '--final'))).toEqual(['/etc/passwd']);
  });

  it('distinguishes changes of content and metadata', async () => {
    const layer2 = await entries('--layer', '2', '--changes');
    expect(layer2.find((entry) => entry.path === '/etc/passwd')).toMatchObject({
      change: 'metadata',
      changed: ['mode'],
    });
    expect(layer2.find((entry) => entry.path === '/root/key')).toMatchObject({
      change: 'modified',
      changed: ['content'],
    });
  });

  it('reports an invalid layer number with the valid range', async () => {
    const { status, stderr } = await run('ls', archive, '--layer', '9');
    expect(status).toBe(2);
    expect(stderr).toBe('exhume: --layer 9: the image has layers 0 to 3\n');
  });
});

describe('path', () => {
  it('prints the history of a path from the bottom layer up', async () => {
    const { stdout } = await run('path', archive, '/root/key', '--json');
    const facts = JSON.parse(stdout) as { state: string; entries: EntryFacts[] };
    expect(facts.state).toBe('deleted');
    expect(facts.entries.map(({ layer, change }) => [layer, change])).toEqual([
      [1, 'added'],
      [2, 'modified'],
      [3, 'deleted'],
    ]);
  });

  it('suggests similar paths for a path that does not exist', async () => {
    const { status, stderr } = await run('path', archive, '/etc/paswd');
    expect(status).toBe(2);
    expect(stderr).toContain('similar: /etc/passwd');
  });
});

describe('cat', () => {
  it('prints the newest version, deleted or not, or the one of a given layer', async () => {
    expect((await run('cat', archive, '/root/key')).stdout).toBe('other');
    expect((await run('cat', archive, '/root/key', '--layer', '1')).stdout).toBe('first');
  });

  it('follows links inside the image', async () => {
    expect((await run('cat', archive, '/link')).stdout).toBe('root:x:0:0\n');
    expect((await run('cat', archive, '/hard')).stdout).toBe('root:x:0:0\n');
  });

  it('reports a path without content', async () => {
    expect((await run('cat', archive, '/opt')).stderr).toContain('/opt is a directory');
    expect((await run('cat', archive, '/root/dev')).stderr).toContain('a device or a FIFO');
  });
});

describe('extract', () => {
  it('writes files without setuid bits, and an evidence record', async () => {
    const target = path.join(folder, 'evidence');
    const { status } = await run('extract', archive, '/bin/su', '/root', '-o', target);
    expect(status).toBe(0);
    expect((await readdir(target, { recursive: true })).toSorted()).toEqual([
      'bin',
      path.join('bin', 'su'),
      'exhume-evidence.json',
      'root',
      path.join('root', 'key'),
    ]);
    expect((await stat(path.join(target, 'bin/su'))).mode & 0o7777).toBe(0o600);
    const record = JSON.parse(await readFile(path.join(target, 'exhume-evidence.json'), 'utf8'));
    expect(violations(record)).toEqual([]);
    expect(record.inputBefore).toBe(record.inputAfter);
    expect(record.items.find((item: EntryFacts) => item.path === '/bin/su').mode).toBe('4755');
    expect(record.items.find((item: EntryFacts) => item.path === '/root/dev').file).toBeNull();
  });

  it('refuses a directory that is not empty', async () => {
    const { status, stderr } = await run('extract', archive, '/bin/su', '-o', folder);
    expect(status).toBe(2);
    expect(stderr).toContain('is not empty');
  });

  it('writes hostile names safely, only inside the directory', async () => {
    const hostile = path.join(folder, 'hostile.tar');
    await writeFile(hostile, await ociArchive([await hostileNames()]));
    const target = path.join(folder, 'hostile-evidence');
    const { status } = await run('extract', hostile, '/', '-o', target, '--quiet');
    expect(status).toBe(0);
    for (const name of await readdir(target, { recursive: true })) {
      expect(isSafe(name.replaceAll('\\', '')), name).toBe(true);
    }
  });
});

describe('messages and exit statuses', () => {
  it('exits with 2 for a wrong command line, and prints only to standard error', async () => {
    for (const argv of [
      ['path', archive],
      ['ls', archive, '--nonsense'],
      ['extract', archive, '/bin/su'],
      ['frobnicate', 'a', 'b'],
    ]) {
      const { status, stdout, stderr } = await run(...argv);
      expect([status, stdout], argv.join(' ')).toEqual([2, '']);
      expect(stderr).toMatch(/^exhume: /);
    }
  });

  it('exits with 3 for an image that cannot be read', async () => {
    expect((await run('summary', path.join(folder, 'absent.tar'))).status).toBe(3);
  });

  it('exits with 4 for a tampered layer, and shows the mismatch', async () => {
    const tampered = path.join(folder, 'tampered.tar');
    await writeFile(tampered, await ociArchive([await tamperedLayer()]));
    const { status, stdout } = await run('summary', tampered);
    expect(status).toBe(4);
    expect(stdout).toMatch(/MISMATCH: .*layer \d+ blob digest/);
  });

  it('exits with 4 for a truncated layer, and names the offset', async () => {
    const cut = path.join(folder, 'cut.tar');
    await writeFile(cut, await ociArchive([await truncatedGzipLayer()]));
    const { status, stderr } = await run('summary', cut);
    expect(status).toBe(4);
    expect(stderr).toMatch(/warning: layer \d+: .* \(offset \d+ of /);
  });

  it('prints hostile names escaped, as text and as JSON', async () => {
    const hostile = path.join(folder, 'hostile2.tar');
    await writeFile(hostile, await ociArchive([await hostileNames()]));
    for (const argv of [
      ['ls', hostile],
      ['ls', hostile, '--json'],
      ['summary', hostile],
    ]) {
      const { stdout } = await run(...argv);
      for (const line of stdout.split('\n')) expect(isSafe(line.replaceAll('\\', '')), line).toBe(true);
    }
  });
});

describe('the JSON of every command follows its schema', () => {
  it.each([
    ['summary', []],
    ['ls', []],
    ['ls', ['--changes']],
    ['path', ['/root/key']],
    ['history', []],
  ] as const)('%s %j', async (command, rest) => {
    for (const image of [archive, path.join(folder, 'hostile2.tar'), path.join(folder, 'tampered.tar')]) {
      if (command === 'path' && image !== archive) continue;
      const { stdout, status } = await run(command, image, ...rest, '--json', '--quiet');
      expect(status).toBe(image.endsWith('tampered.tar') ? 4 : 0);
      const value = JSON.parse(stdout) as { schema: string };
      expect(value.schema).toBe(`exhume/${command}/${command === 'summary' ? 2 : 1}`);
      expect(violations(value)).toEqual([]);
    }
  });
});

it('--base proves which layers belong to the base', async () => {
  const base = await buildImage({
    steps: [
      {
        createdBy: 'base',
        entries: [file('a', 'a')],
      },
    ],
  });
  const child = await buildImage({
    steps: [
      { createdBy: 'base', entries: [file('a', 'a')] },
      { createdBy: 'app', entries: [file('b', 'b')] },
    ],
  });
  const [baseTar, childTar] = [path.join(folder, 'base.tar'), path.join(folder, 'child.tar')];
  await writeFile(baseTar, await ociArchive([base]));
  await writeFile(childTar, await ociArchive([child]));
  const origins = async (...argv: string[]): Promise<string[]> =>
    JSON.parse((await run('summary', childTar, '--json', ...argv)).stdout).layers.map(
      (layer: { origin: string }) => layer.origin,
    );
  expect(await origins()).toEqual(['unknown', 'unknown']);
  expect(await origins('--base', baseTar)).toEqual(['base', 'application']);
  expect((await run('summary', childTar, '--base', archive)).stderr).toContain(
    'is not the base of this image',
  );
});

describe('dockerfile', () => {
  it('prints lines that a builder accepts, with credentials masked and guesses marked', async () => {
    const { status, stdout } = await run('dockerfile');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^FROM debian:bookworm-slim@sha256:[0-9a-f]{64}$/m);
    expect(stdout).toMatch(/^# inferred: provenance: /m);
    expect(stdout).toMatch(/^ENV GITHUB_TOKEN=\*{8}\(40\)$/m);
    expect(stdout).toMatch(/^CMD \["node","server.js"\]$/m);
  });
});

it('opens the demonstration image if none is named', async () => {
  for (const command of ['summary', 'ls', 'history', 'dockerfile', 'scan']) {
    const { status, stdout } = await run(command, '--json', '--no-verify');
    expect([status, (JSON.parse(stdout) as { image: { names: string[] } }).image.names]).toEqual([
      0,
      ['exhume/leaky:1'],
    ]);
  }
});
