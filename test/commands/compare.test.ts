import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { githubToken, npmToken } from '../../fixtures/canary.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage, type FixtureStep } from '../../fixtures/image.ts';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import { violations } from '../schema-of.ts';
import { run } from './run.ts';

const BASE: FixtureStep = {
  createdBy: 'ADD base /',
  entries: [dir('etc'), file('etc/os-release', 'ID=test\n'), file('etc/gone', 'x')],
};

let folder = '';
let a = '';
let b = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-compare-'));
  const make = async (
    name: string,
    steps: FixtureStep[],
    config: Record<string, unknown>,
  ): Promise<string> => {
    const target = path.join(folder, `${name}.tar`);
    const image = await buildImage({ steps, config, names: [`exhume/${name}:1`] });
    await writeFile(target, await dockerArchive([image], { form: 'podman' }));
    return target;
  };
  const app = (...entries: ReturnType<typeof file>[]): FixtureStep => ({ createdBy: 'COPY . /app', entries });
  a = await make(
    'a',
    [
      BASE,
      app(
        file('app/same', 'same', { mtime: 1 }),
        file('app/content', 'one!'),
        file('app/.env', `T=${githubToken('a')}\n`),
        file('app/log', 'old one'),
      ),
      { createdBy: 'RUN rm', entries: [whiteout('app/log')] },
    ],
    { User: 'root', Env: ['A=1', 'B=2', `KEY=${githubToken('env a')}`] },
  );
  b = await make(
    'b',
    [
      BASE,
      app(
        file('app/same', 'same', { mtime: 2 }),
        file('app/content', 'two!'),
        file('app/mode', 'm', { mode: 0o755 }),
        file('app/.npmrc', `//r/:_authToken=${npmToken('b')}\n`),
        file('app/log', 'old two'),
        file('app/key', 'first'),
      ),
      {
        createdBy: 'RUN rm',
        entries: [whiteout('etc/gone'), whiteout('app/log'), file('app/key', 'second')],
      },
    ],
    { User: 'app', Env: ['A=1', 'B=3', `KEY=${githubToken('env b')}`] },
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('lists what two images share and how they differ', async () => {
  const { status, stdout } = await run('compare', a, b, '--json');
  const facts = JSON.parse(stdout) as {
    recoverable: Record<'onlyA' | 'onlyB', { path: string; state: string }[]> & { both: number };
    sharedLayers: { a: number; b: number }[];
    config: unknown;
    files: { path: string; change: string; changed: string[] }[];
    findings: Record<'onlyA' | 'onlyB' | 'both', { rule: string; kind: string }[]>;
  };
  expect(status).toBe(0);
  expect(facts.sharedLayers).toMatchObject([{ a: 0, b: 0 }]);
  expect(facts.config).toEqual([
    { field: 'User', a: ['root'], b: ['app'] },
    { field: 'Env', a: ['B=2', 'KEY=********(40)'], b: ['B=3', 'KEY=********(40)'] },
  ]);
  // A new time alone is not a difference; different content of the same size is.
  expect(facts.files.map(({ change, changed, path: at }) => [at, change, ...changed])).toEqual([
    ['/app/.env', 'removed'],
    ['/app/.npmrc', 'added'],
    ['/app/content', 'changed', 'content'],
    ['/app/key', 'added'],
    ['/app/mode', 'added'],
    ['/etc/gone', 'removed'],
  ]);
  // Two deleted logs with the same name and size are distinguished by content.
  expect(facts.recoverable.onlyA).toEqual([{ path: '/app/log', layer: 1, state: 'deleted', size: 7 }]);
  expect(facts.recoverable.onlyB).toEqual([
    { path: '/app/key', layer: 1, state: 'shadowed', size: 5 },
    { path: '/app/log', layer: 1, state: 'deleted', size: 7 },
    { path: '/etc/gone', layer: 0, state: 'deleted', size: 1 },
  ]);
  const secrets = (list: { rule: string; kind: string }[]): string[] =>
    list.filter(({ kind }) => kind === 'secret').map(({ rule }) => rule);
  expect(secrets(facts.findings.onlyA)).toEqual(['github-personal-token', 'github-personal-token']);
  expect(secrets(facts.findings.onlyB).toSorted()).toEqual(['github-personal-token', 'npm-token']);

  expect(violations(facts)).toEqual([]);
});

it('prints a comparison for people, and finds no differences between an image and itself', async () => {
  const { stdout } = await run('compare', a, b);
  expect(stdout).toContain('  ~ /app/content  4 B (content)\n');
  expect(stdout).toMatch(/^findings: [1-9]\d* only in A, [1-9]\d* only in B, \d+ in both$/m);
  expect(stdout).toContain(
    '  - /app/log  7 B  deleted, in layer 1\n  + /app/key  5 B  shadowed, in layer 1\n',
  );
  for (const seed of ['a', 'env a', 'env b']) expect(stdout).not.toContain(githubToken(seed));
  const same = await run('compare', a, a);
  expect(same.stdout).toContain('files: 0 added, 0 removed, 0 changed');
  expect(same.stdout).toContain('config: no differences');
  expect(same.stdout).toContain('but recoverable: 0 only in A, 0 only in B, 1 in both');
});
