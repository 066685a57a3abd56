import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file as fileEntry } from '../../fixtures/tar.ts';
import { askReveal } from '../../src/commands/ask-reveal.ts';
import { run, type Run } from './run.ts';

const TOKEN = githubToken('reveal');
let folder = '';
let image = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-reveal-'));
  image = path.join(folder, 'image.tar');
  const entries = [fileEntry('app/.env', `GITHUB_TOKEN=${TOKEN}\n`)];
  const built = await buildImage({ steps: [{ createdBy: 'COPY . /app', entries }] });
  await writeFile(image, await dockerArchive([built], { form: 'podman' }));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const print = (format: string, ...more: string[]): Promise<Run> =>
  run('report', image, '-o', '-', '--format', format, ...more);

it('refuses to reveal without a terminal, and writes nothing', async () => {
  const file = path.join(folder, 'refused.html');
  const { status, stderr } = await run('report', image, '-o', file, '--reveal');
  expect([status, stderr]).toEqual([2, expect.stringContaining('--yes')]);
  expect(existsSync(file)).toBe(false);
});

it.each(['markdown', 'html', 'json'])(
  'reveals the value in %s with --yes, with a warning',
  async (format) => {
    const { status, stdout } = await print(format, '--reveal', '--yes');
    expect([status, stdout.includes(TOKEN)]).toEqual([0, true]);
    if (format === 'json') expect(JSON.parse(stdout)).toMatchObject({ revealed: true });
    else expect(stdout).toContain('This report contains credentials in plain text.');
    const covered = (await print(format)).stdout;
    expect(covered).not.toContain(TOKEN);
    expect(covered).not.toContain('in plain text.');
  },
);

it.each(['sarif', 'csv', 'junit', 'bodyfile', 'timesketch'])(
  'never reveals a value in %s',
  async (format) => {
    const { status, stdout } = await print(format, '--reveal', '--yes');
    expect([status, stdout]).toEqual([2, '']);
  },
);

it('logs each revealed finding in the case, and warns without a case', async () => {
  const held = path.join(folder, 'case.json');
  await run('case', 'open', held, image);
  const out = path.join(folder, 'revealed.md');
  const logged = await run('report', image, '-o', out, '--reveal', '--yes', '--case', held);
  expect([logged.status, logged.stderr]).toEqual([0, expect.not.stringContaining('nowhere')]);
  const log = (await run('case', 'show', held)).stdout;
  expect(log).toMatch(/revealed {2}secret-[0-9a-f]{16}\n.*exported {2}markdown/);
  expect(log + (await readFile(held, 'utf8'))).not.toContain(TOKEN);
  expect((await stat(out)).mode & 0o777).toBe(0o600);
  const unlogged = await run('report', image, '-o', out, '--force', '--reveal', '--yes');
  expect(unlogged.stderr).toContain('no --case logs it');
});

it('asks on a terminal, and accepts only yes', async () => {
  const ask = async (answer: string): Promise<string> => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const stderr = Object.assign(new PassThrough(), { isTTY: true });
    let asked = '';
    stderr.on('data', (chunk: Buffer) => (asked += String(chunk)));
    stdin.end(answer);
    const { signal } = new AbortController();
    const context = { stdin, stderr, signal } as unknown as Parameters<typeof askReveal>[2];
    const ended = await askReveal('x.md', {}, context).then(() => 'written', String);
    return `${asked} ${ended}`;
  };
  expect(await ask('yes\n')).toMatch(/x\.md will contain every credential.* written$/s);
  for (const answer of ['\n', 'y\n', 'no\n', '']) expect(await ask(answer)).toContain('nothing was written');
});
