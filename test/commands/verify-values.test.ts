import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { password, seededRandom, stripeKey } from '../../fixtures/canary.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage, type FixtureStep } from '../../fixtures/image.ts';
import { dir, file, type FixtureEntry, whiteout } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import type { Retest, RetestedFinding } from '../../src/retest/verify.ts';
import { run } from './run.ts';

/** Random keys, a third of which look like words: some faults only show in some keys. */
const KEYS = Array.from({ length: 12 }, (_, index) => stripeKey(`values ${index}`));
/** Recognised only by its variable name: no rule finds a copy without the name. */
const HEX = seededRandom('verify values').text('0123456789abcdef', 40);
const env = (keys: readonly string[]): string =>
  keys.map((key, index) => `STRIPE_KEY_${index}=${key}\n`).join('');
const copy = (...entries: FixtureEntry[]): FixtureStep => ({
  createdBy: 'COPY . /app # buildkit',
  comment: 'buildkit.dockerfile.v0',
  entries: [dir('app'), ...entries],
});
const runs = (what: string, ...entries: FixtureEntry[]): FixtureStep => ({
  createdBy: `RUN /bin/sh -c ${what} # buildkit`,
  comment: 'buildkit.dockerfile.v0',
  entries,
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-values-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let made = 0;
async function image(steps: FixtureStep[], config: Record<string, unknown> = {}): Promise<string> {
  const target = path.join(folder, `${made++}.tar`);
  await writeFile(target, await dockerArchive([await buildImage({ steps, config })], { form: 'podman' }));
  return target;
}

interface Ended {
  readonly status: number;
  readonly retest: Retest;
  readonly secrets: readonly RetestedFinding[];
  /** The distinct results of the credentials. */
  readonly results: readonly string[];
}

/** Compares a report on the first image with the second image. */
async function retest(before: FixtureStep[] | string, after: FixtureStep[] | string): Promise<Ended> {
  const report = path.join(folder, `${made++}.json`);
  const [old, now] = [before, after].map(async (each) => (typeof each === 'string' ? each : image(each)));
  expect((await run('report', await old!, '-o', report)).status).toBe(0);
  const { status, stderr, stdout } = await run('verify', report, await now!, '--json');
  if (stdout === '') throw new Error(stderr);
  const made_ = JSON.parse(stdout) as Retest;
  const secrets = made_.findings.filter(({ kind }) => kind === 'secret');
  const results = [...new Set(secrets.map(({ result }) => result))].toSorted();
  return { status, retest: made_, secrets, results };
}

describe('the same value', () => {
  it('is moved if it is only in another file', async () => {
    const { results, secrets, status } = await retest(
      [copy(file('app/a.env', env(KEYS)))],
      [copy(file('app/b.env', env(KEYS)))],
    );
    expect([status, results, secrets.length]).toEqual([1, ['moved'], KEYS.length]);
  });

  it('persists on another line and in another layer', async () => {
    const { results, secrets, status } = await retest(
      [copy(file('app/a.env', env(KEYS)))],
      [copy(file('app/main.js', 'run()\n')), copy(file('app/a.env', `# first\n${env(KEYS.toReversed())}`))],
    );
    expect([status, results, secrets.length]).toEqual([1, ['persisting'], KEYS.length]);
  });

  it('persists if a squash changes the order of its files', async () => {
    const { results, secrets } = await retest(
      [copy(file('app/z.env', env(KEYS))), copy(file('app/a.env', env(KEYS)))],
      [copy(file('app/a.env', env(KEYS)), file('app/z.env', env(KEYS)))],
    );
    expect([results, secrets.length]).toEqual([['persisting'], KEYS.length]);
  });

  it('is moved if its environment variable has another name', async () => {
    const config = (name: string): Record<string, unknown> => ({
      Env: KEYS.map((key, index) => `${name}_${index}=${key}`),
    });
    const steps = [copy(file('app/main.js', 'run()\n'))];
    const { results, secrets } = await retest(
      await image(steps, config('STRIPE')),
      await image(steps, config('PAYMENT')),
    );
    expect([results, secrets.length]).toEqual([['moved'], KEYS.length]);
  });

  it('persists if it was only removed with rm', async () => {
    const { results } = await retest(
      [copy(file('app/a.env', env(KEYS)))],
      [copy(file('app/a.env', env(KEYS))), runs('rm /app/a.env', whiteout('app/a.env'))],
    );
    expect(results).toEqual(['persisting']);
  });

  it('is fixed if it was rotated, and the rotated value is a new finding', async () => {
    const rotated = KEYS.map((_, index) => stripeKey(`rotated ${index}`));
    const { secrets } = await retest(
      [copy(file('app/a.env', env(KEYS)))],
      [copy(file('app/a.env', env(rotated)))],
    );
    const ended = (wanted: string): number => secrets.filter(({ result }) => result === wanted).length;
    expect([ended('fixed'), ended('new'), secrets.length]).toEqual([
      KEYS.length,
      KEYS.length,
      2 * KEYS.length,
    ]);
  });

  it('keeps its decision', async () => {
    const [before, after] = await Promise.all([
      image([copy(file('app/a.env', env(KEYS)))]),
      image([copy(file('app/b.env', env(KEYS)))]),
    ]);
    const held = path.join(folder, 'decided.json');
    await run('case', 'open', held, before, '--goal', 'no-secrets');
    const out = path.join(folder, 'decided-report.json');
    await run('report', before, '-o', out, '--case', held);
    const { findings } = JSON.parse(await readFile(out, 'utf8')) as { findings: Finding[] };
    const ids = findings.filter(({ kind }) => kind === 'secret').map(({ id }) => id);
    for (const id of ids) await run('case', 'decide', held, 'rotated', id);
    const { status, stdout } = await run('verify', out, after, '--case', held, '--json');
    const ended = JSON.parse(stdout) as Retest;
    expect([status, ended.counts.moved, ended.counts.new]).toEqual([0, KEYS.length, 0]);
  });
});

describe('a value at a place where no rule recognises it', () => {
  const named = copy(file('app/a.env', `API_TOKEN=${HEX}\n`));

  it.each([
    ['alone in a file', file('etc/t', `${HEX}\n`)],
    ['in quotes between others', file('etc/t.js', `f("x", "${HEX}", 1)\n`)],
    ['in an address', file('etc/t', `https://u:${HEX}@registry.invalid/\n`)],
    [
      'in a binary file',
      file('etc/t', Buffer.concat([Buffer.alloc(64), Buffer.from(HEX), Buffer.alloc(64)])),
    ],
    ['in base64', file('etc/t.yaml', `x: ${Buffer.from(`${HEX}\n`).toString('base64')}\n`)],
    ['in UTF-16', file('etc/t', Buffer.from(`\ufeffx ${HEX}\n`, 'utf16le'))],
  ])('is moved: %s', async (_where, copied) => {
    const { results, secrets, status } = await retest(
      [named],
      [runs('--mount=type=secret,id=t cp /run/secrets/t /etc/t', dir('etc'), copied)],
    );
    expect([status, results]).toEqual([1, ['moved']]);
    expect(secrets[0]!.after!.where).toMatchObject({
      surface: 'file',
      path: expect.stringMatching(/^\/etc\/t/),
    });
  });

  it.each([
    ['the history', [runs(`login ${HEX}`, file('a', 'a'))], {}],
    ['the command', [copy()], { Cmd: ['serve', HEX] }],
    ['a label', [copy()], { Labels: { note: HEX } }],
    ['a file name', [copy(file(`app/${HEX}`, 'x'))], {}],
  ] as const)('is moved: to %s', async (_where, steps, config) => {
    const { results } = await retest([named], await image([...steps], config));
    expect(results).toEqual(['moved']);
  });

  it('persists if its file no longer has the variable name', async () => {
    const { results } = await retest([named], [copy(file('app/a.env', `${HEX}\n`))]);
    expect(results).toEqual(['persisting']);
  });

  it('is fixed if only a part of it, or a longer text that contains it, is left', async () => {
    const parts = `${HEX.slice(0, 39)}\n${HEX}0\n`;
    const { results } = await retest([named], [copy(file('app/t', parts))]);
    expect(results).toEqual(['fixed']);
  });
});

describe('a value that can be guessed', () => {
  const secret = password('guessable');
  const config = (name: string): FixtureStep => copy(file(`app/${name}`, `DB_PASSWORD=${secret}\n`));

  it('persists if any of its places still has it', async () => {
    const { results } = await retest([config('a.env'), config('b.env')], [config('b.env')]);
    expect(results).toEqual(['persisting']);
  });

  it('is not checked, because the report has no hash of it to search for', async () => {
    const clean = await retest([config('a.env')], [copy(file('app/main.js', 'run()\n'))]);
    expect([clean.status, clean.results]).toEqual([0, ['not-checked']]);
    expect(clean.retest.counts.notChecked).toBe(1);
    expect(clean.secrets[0]!.notes[0]).toContain('not searched for copies');
    const moved = await retest([config('a.env')], [config('c.env')]);
    expect([moved.status, moved.results]).toEqual([1, ['new', 'not-checked']]);
  });
});

it('is not checked if a layer that may have it cannot be read', async () => {
  const missing = { ...copy(file('app/main.js', 'run()\n')), missing: true };
  const { results, retest: ended, secrets } = await retest([copy(file('app/a.env', env(KEYS)))], [missing]);
  expect([results, ended.met]).toEqual([['not-checked'], false]);
  expect(secrets[0]!.notes[0]).toContain('layer 0 was not read completely');
});
