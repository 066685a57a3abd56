import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoArchive } from '../../fixtures/demo.ts';
import { dockerArchive, ociArchive } from '../../fixtures/forms.ts';
import { truncatedArchive, truncatedGzipLayer } from '../../fixtures/hostile-bytes.ts';
import { manyFiles } from '../../fixtures/many.ts';
import { exhume, NODE, PROGRAM, TOP } from './program.ts';

let folder = '';
let many = '';
let demo = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-smoke-'));
  many = path.join(folder, 'many.tar');
  await writeFile(many, await dockerArchive([await manyFiles(20_000)], { form: 'podman' }));
  demo = path.join(folder, 'demo.tar');
  await writeFile(demo, (await demoArchive()).bytes);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('leaves no temporary files, and keeps compiled code in the cache directory', async () => {
  const temporary = await mkdtemp(path.join(folder, 'tmp-'));
  const caches = path.join(folder, 'caches');
  const env = { TMPDIR: temporary, XDG_CACHE_HOME: caches };
  expect((await exhume(['summary', demo], { env })).status).toBe(0);
  expect(await readdir(temporary)).toEqual([]);
  expect((await exhume(['--version'], { env: { HOME: '', XDG_CACHE_HOME: '' } })).status).toBe(0);
});

it('is one bundled file', async () => {
  expect(await readdir(path.join(import.meta.dirname, '../../dist'))).toEqual(['exhume.js']);
});

describe('exit status', () => {
  it('is 0 on success', async () => {
    for (const argv of [['--help'], ['--version'], ['summary', demo], ['history', demo]]) {
      expect((await exhume(argv)).status, argv.join(' ')).toBe(0);
    }
  });

  it('is 2 for a wrong command line', async () => {
    for (const argv of [['--nonsense'], ['path', demo], ['cat', demo], ['summary', demo, 'surplus']]) {
      const run = await exhume(argv);
      expect(run, argv.join(' ')).toMatchObject({ status: 2, stdout: '' });
      expect(run.stderr).toMatch(/^exhume: /);
    }
  });

  it('is 3 for an image that cannot be read, with one line that says why', async () => {
    const text = path.join(folder, 'notes.txt');
    await writeFile(text, 'no image at all\n');
    const cut = path.join(folder, 'cut.tar');
    await writeFile(cut, (await truncatedArchive()).subarray(0, 700));
    for (const name of [text, cut, folder, path.join(folder, 'missing.tar')]) {
      const run = await exhume(['summary', name]);
      expect(run, name).toMatchObject({ status: 3, stdout: '' });
      expect(run.stderr).toMatch(/^exhume: [^\n]+\n$/);
    }
  });
});

describe('streams', () => {
  it('get the summary without a terminal', async () => {
    const { status, stdout, stderr } = await exhume([demo]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toBe((await exhume(['summary', demo])).stdout);
  });

  it.skipIf(NODE !== process.execPath)(
    'get the summary of the demonstration image from npm start',
    async () => {
      const { exitCode, stdout } = await execa('npm', ['start'], { cwd: TOP, stdin: 'ignore' });
      expect(exitCode).toBe(0);
      expect(stdout).toContain('exhume/leaky:1');
    },
  );

  it('end the program silently when the reader closes the pipe', async () => {
    for (const argv of [`ls '${many}' --json`, `ls '${many}'`]) {
      const command = `'${NODE}' '${PROGRAM}' ${argv} | head -1; echo "\${PIPESTATUS[0]}" >&2`;
      const { stdout, stderr } = await execa('bash', ['-c', command], { stdin: 'ignore' });
      expect(stdout.split('\n')).toHaveLength(1);
      expect(stderr).toBe('0');
    }
  });

  it.skipIf(!existsSync('/dev/full'))('a full disk under standard output is named', async () => {
    const command = `'${NODE}' '${PROGRAM}' ls '${demo}' > /dev/full`;
    const { exitCode, stderr } = await execa('bash', ['-c', command], { stdin: 'ignore', reject: false });
    expect([exitCode, stderr]).toEqual([3, 'exhume: cannot write standard output: the disk is full']);
  });

  it('have warnings on standard error and only JSON on standard output', async () => {
    const cut = path.join(folder, 'cut-layer.tar');
    await writeFile(cut, await ociArchive([await truncatedGzipLayer()]));
    const run = await exhume(['summary', cut, '--json']);
    expect(run.status).toBe(4);
    expect(run.stderr).toMatch(/^exhume: warning: /);
    expect(JSON.parse(run.stdout)).toHaveProperty('schema', 'exhume/summary/2');
  });

  it('include an archive on standard input', async () => {
    const { bytes } = await demoArchive();
    const { status, stdout } = await exhume(['summary', '-', '--json'], { input: bytes });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ image: { names: ['exhume/leaky:1'] } });
  });
});

describe('an interrupted program', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('leaves no temporary file after %s', async (signal, status) => {
    const temporary = await mkdtemp(path.join(folder, 'tmp-'));
    const left = async (): Promise<string[]> =>
      (await readdir(temporary)).filter((name) => name.startsWith('exhume'));
    const child = spawn(NODE, [PROGRAM, 'summary', '-'], {
      env: { ...process.env, TMPDIR: temporary, NODE_DISABLE_COMPILE_CACHE: '1' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    child.stdin.on('error', () => {});
    // Send more than the program keeps in memory, and never end the stream.
    for (let i = 0; i < 80; i++) child.stdin.write(Buffer.alloc(1 << 20, 1));
    await expect.poll(left, { timeout: 600_000, interval: 50 }).toHaveLength(1);
    child.kill(signal);
    expect(await ended).toBe(status);
    expect(await left()).toEqual([]);
  });
});
