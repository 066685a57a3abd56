import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { dir, file, hardlink, whiteout } from '../../fixtures/tar.ts';
import type { EntryFacts } from '../../src/ledger/entry-facts.ts';
import { violations } from '../schema-of.ts';
import { run } from './run.ts';

const NET_RAW = Buffer.from('0100000200200000000000000000000000000000', 'hex');
const TOKEN = `ghp_${'8'}${'aZ3kQ9xW2mN7vB4cL6tR1yP5sD0fG8hJ2kM'}`;

let folder = '';
let archive = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-test-'));
  archive = path.join(folder, 'image.tar');
  const image = await buildImage({
    names: ['links:1'],
    steps: [
      {
        createdBy: 'ADD base / # buildkit',
        entries: [
          dir('d/'),
          file('d/a', 'content'),
          hardlink('d/b', 'd/a'),
          hardlink('d/c', 'd/a'),
          file('bin/tool', 'tool', { mode: 0o4755 }),
          hardlink('bin/alias', 'bin/tool'),
          file('bin/raw', 'raw', { mode: 0o755, xattrs: { 'security.capability': NET_RAW } }),
          hardlink('bin/raw6', 'bin/raw'),
          file('s/one', `github = "${TOKEN}"\n`),
          hardlink('s/two', 's/one'),
        ],
      },
      { createdBy: 'RUN rm /d/a /s/one # buildkit', entries: [whiteout('d/a'), whiteout('s/one')] },
    ],
  });
  await writeFile(archive, await dockerArchive([image], { form: 'podman' }));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function json<T>(command: string, ...argv: string[]): Promise<T> {
  const { stdout, status } = await run(command, archive, ...argv, '--json');
  expect(status).toBe(0);
  const value = JSON.parse(stdout) as T;
  expect(violations(value)).toEqual([]);
  return value;
}

async function entries(...argv: string[]): Promise<string[]> {
  const { entries: list } = await json<{ entries: EntryFacts[] }>('ls', '--match', '/d/*', ...argv);
  return list.map(
    ({ linkname, liveAs, path: at, size, state, type }) =>
      `${at} ${type} ${size}${linkname === null ? '' : ` > ${linkname}`} ${state}${liveAs === undefined ? '' : ` as ${liveAs}`}`,
  );
}

describe('a file whose first name is deleted', () => {
  it('is listed under its first remaining name', async () => {
    expect(await entries('--final')).toEqual(['/d/b file 7 live', '/d/c hardlink 0 > d/b live']);
    expect(await entries('--after', '1')).toEqual(await entries('--final'));
  });

  it('is listed in a layer as in the tree after that layer', async () => {
    const stored = [
      '/d/a file 7 deleted as /d/b',
      '/d/b hardlink 0 > d/a live',
      '/d/c hardlink 0 > d/a live',
    ];
    expect(await entries('--layer', '0')).toEqual(stored);
    expect(await entries('--after', '0')).toEqual(stored);
    expect(await entries('--changes', '--layer', '1')).toEqual(['/d/a file 7 deleted as /d/b']);
  });

  it('is listed as deleted under that name, with one of its live names', async () => {
    expect(await entries('--deleted')).toEqual(['/d/a file 7 deleted as /d/b']);
    const { stdout } = await run('ls', archive, '--deleted', '--match', '/d/*');
    expect(stdout).toContain('[deleted; the file is still live as /d/b]');
  });

  it('names its live names in the history of each of its paths', async () => {
    expect(await json('path', '/d/a')).toMatchObject({
      state: 'deleted',
      alsoLiveAs: ['/d/b', '/d/c'],
      entries: [{ type: 'file', size: 7, alsoLiveAs: ['/d/b', '/d/c'] }, { change: 'deleted' }],
    });
    expect(await json('path', '/d/b')).toMatchObject({
      state: 'live',
      alsoLiveAs: ['/d/c'],
      entries: [{ type: 'file', size: 7, linkname: null, state: 'live' }],
    });
    expect(await json('path', '/bin/alias')).toMatchObject({ alsoLiveAs: ['/bin/tool'] });
    expect((await run('path', archive, '/d/a')).stdout).toContain(
      '/d/a: deleted; the file is still live as /d/b, /d/c',
    );
  });

  it('wastes nothing, and is not a deleted file', async () => {
    expect(await json('waste')).toMatchObject({ bytes: 0, paths: [] });
    expect(await json('summary')).toMatchObject({
      counts: { deletedRecoverable: { paths: 2, bytes: 0 }, shadowedGenerations: { count: 0, bytes: 0 } },
    });
  });

  it('has its content under every name', async () => {
    for (const name of ['/d/a', '/d/b', '/d/c']) {
      expect(await run('cat', archive, name)).toMatchObject({ stdout: 'content', stderr: '' });
    }
  });

  it('is extracted once, under the first requested name that is live', async () => {
    const extracted = async (...paths: string[]): Promise<string[]> => {
      const out = await mkdtemp(path.join(folder, 'out-'));
      const { status } = await run('extract', archive, ...paths, '-o', out);
      expect(status).toBe(0);
      const names = await readdir(out, { recursive: true, withFileTypes: true });
      const files = names.filter((each) => each.isFile() && !each.name.startsWith('exhume-'));
      for (const { name, parentPath } of files) {
        expect(await readFile(path.join(parentPath, name), 'utf8')).toBe('content');
      }
      return files.map(({ name }) => name);
    };
    expect(await extracted('/d')).toEqual(['b']);
    expect(await extracted('/d/c')).toEqual(['c']);
    expect(await extracted('/d/a')).toEqual(['a']);
  });

  it('has its secrets live', async () => {
    const { findings } = await json<{ findings: { kind: string; state: string; where: { path: string } }[] }>(
      'scan',
    );
    const secrets = findings.filter(({ kind }) => kind === 'secret');
    expect(secrets).toMatchObject([{ state: 'live', where: { path: '/s/two' } }]);
  });

  it('has a body file line for each name, with its size in only one', async () => {
    const out = path.join(folder, 'files.body');
    expect(await run('report', archive, '--format', 'bodyfile', '-o', out)).toMatchObject({ status: 0 });
    const sizes = (await readFile(out, 'utf8'))
      .split('\n')
      .filter((line) => line.includes('|layer-0/d/') && !line.includes('deleted'))
      .map((line) => line.split('|')[6]);
    expect(sizes).toEqual(['7', '0', '0']);
  });
});

it('ls --setuid lists setuid files and files with capabilities, under each of their names', async () => {
  const { entries: list } = await json<{ entries: EntryFacts[] }>('ls', '--setuid');
  expect(list.map(({ capabilities, mode, path: at }) => `${at} ${mode} ${capabilities ?? ''}`)).toEqual([
    '/bin/alias 4755 ',
    '/bin/raw 0755 cap_net_raw+ep',
    '/bin/raw6 0755 cap_net_raw+ep',
    '/bin/tool 4755 ',
  ]);
});
