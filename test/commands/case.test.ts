import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execaSync } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file as entry } from '../../fixtures/tar.ts';
import type { Case } from '../../src/case/case.ts';
import { takeLock } from '../../src/case/lock.ts';
import type { Report } from '../../src/report/report.ts';
import { mountSmallDisk, SMALL_DISK } from '../engines/small-disk.ts';
import { run, runIn } from './run.ts';

const TOKEN = githubToken('case');
let folder = '';
let image = '';
let held = '';
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-case-'));
  image = path.join(folder, 'image.tar');
  const built = await buildImage({
    steps: [
      {
        createdBy: 'COPY . /app',
        entries: [entry('app/.env', `T=${TOKEN}\n`), entry('app/notes', 'the door code')],
      },
    ],
    names: ['exhume/case:1'],
  });
  await writeFile(image, await dockerArchive([built], { form: 'podman' }));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  held = path.join(folder, `case-${count++}.json`);
  expect((await run('case', 'open', held, image, '--operator', 'ada')).status).toBe(0);
});

async function report(): Promise<Report> {
  const { status, stderr, stdout } = await run(
    'report',
    image,
    '-o',
    '-',
    '--format',
    'json',
    '--case',
    held,
  );
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Report;
}

const secretOf = ({ findings }: Report): Report['findings'][number] =>
  findings.find(({ rule }) => rule === 'github-personal-token')!;

describe('a case', () => {
  it('records flags and decisions, and the report shows them', async () => {
    const { id } = secretOf(await report());
    await run('case', 'decide', held, 'confirmed', id, '--reason', 'seen in the log');
    await run(
      'case',
      'flag',
      held,
      '/app/notes',
      '--layer',
      '0',
      '--bytes',
      '4-13',
      '--kind',
      'Door code',
      '--severity',
      'medium',
      '--note',
      'asked the owner',
    );

    const made = await report();
    expect(secretOf(made).decision).toMatchObject({ verdict: 'confirmed', reason: 'seen in the log' });
    expect(made.findings.find(({ rule }) => rule === 'flagged')).toMatchObject({
      title: 'Door code',
      severity: 'medium',
      where: { layer: 0, path: '/app/notes', offset: 4 },
      valueLength: 9,
      reason: 'flagged by hand: asked the owner',
    });
    expect(made.log.map(({ action }) => action)).toEqual(['opened', 'exported', 'decided', 'flagged']);
    expect(made.log[0]!.detail).toContain('(ada)');
  });

  it('settles false alarms and accepted findings, until the acceptance expires', async () => {
    const { id } = secretOf(await report());
    const left = async (): Promise<string> => (await report()).verdict.lines[0]!;
    expect(await left()).toContain('can extract 1 credential');
    await run('case', 'decide', held, 'accepted', id, '--reason', 'expires', '--until', '2999-01-01');
    expect(await left()).toContain('No open credentials');
    await run('case', 'decide', held, 'accepted', id, '--reason', 'expires', '--until', '2020-01-01');
    expect(await left()).toContain('can extract 1 credential');
  });

  it('suppresses settled findings in formats for machines, and lists them in the appendix for people', async () => {
    const { id } = secretOf(await report());
    const print = async (format: string): Promise<string> =>
      (await run('report', image, '-o', '-', '--format', format, '--case', held)).stdout;
    expect(await print('junit')).toMatch(/name="GitHub personal access token: [^"]*"><failure/);
    await run('case', 'decide', held, 'false-alarm', id, '--reason', 'a canary', '--operator', 'ada');

    expect(await print('junit')).toMatch(
      /name="GitHub personal access token: [^"]*"><skipped message="decided: false-alarm: a canary"/,
    );
    const { runs } = JSON.parse(await print('sarif')) as {
      runs: { results: { ruleId: string; suppressions?: unknown[] }[] }[];
    };
    expect(runs[0]!.results.find(({ ruleId }) => ruleId.startsWith('github'))!.suppressions).toEqual([
      { kind: 'external', justification: 'decided: false-alarm: a canary' },
    ]);
    expect(await print('csv')).toMatch(/^secret-.*,decided: false-alarm: a canary$/m);
    const markdown = await print('markdown');
    expect(markdown).toMatch(
      /### Decisions\n\n.*\n.*\n\| GitHub personal access token `secret-\w+` \| false-alarm \| a canary \|/,
    );
    expect(markdown).toContain('### Case log');
    const html = await print('html');
    expect(html).toMatch(/<h3 id="t-decisions">Decisions<\/h3>.*<td>false-alarm<\/td><td>a canary<\/td>/s);
    expect(html).toContain('class="verdict');
  });

  it('undoes the last change, which stays in the log', async () => {
    await run('case', 'decide', held, 'rotated', 'secret-x');
    await run('case', 'decide', held, 'false-alarm', 'secret-x');
    const undo = await run('case', 'undo', held);
    expect(undo.stdout).toContain('undone: 2');
    const { stdout } = await run('case', 'show', held, '--json');
    const view = JSON.parse(stdout) as { decisions: { verdict: string }[]; log: unknown[] };
    expect([view.decisions.map(({ verdict }) => verdict), view.log.length]).toEqual([['rotated'], 4]);
    await run('case', 'undo', held);
    expect((await run('case', 'undo', held)).status).toBe(2);
  });

  it('contains no secret value, and has its key in a private file', async () => {
    await report();
    await run('case', 'flag', held, '--env', 'TOKEN');
    const text = await readFile(held, 'utf8');
    expect(text).not.toContain(TOKEN);
    for (const each of [held, `${held}.key`]) expect((await stat(each)).mode & 0o777).toBe(0o600);
    expect(text).not.toContain((await readFile(`${held}.key`, 'utf8')).trim());
  });

  it('logs an extraction', async () => {
    const target = path.join(folder, 'evidence');
    await run('extract', image, '/app/.env', '-o', target, '--case', held);
    expect((await run('case', 'show', held)).stdout).toContain(`extracted  1 file to ${target}`);
  });

  it('accepts no line about another image, and nothing is extracted', async () => {
    const other = path.join(folder, 'other.tar');
    const steps = [{ createdBy: 'COPY . /app', entries: [entry('app/.env', 'x')] }];
    await writeFile(other, await dockerArchive([await buildImage({ steps })], { form: 'podman' }));
    const target = path.join(folder, 'not-made');
    const { status, stderr } = await run('extract', other, '/app/.env', '-o', target, '--case', held);
    expect([status, stderr]).toEqual([2, expect.stringContaining('is a case about')]);
    await expect(stat(target)).rejects.toThrow('ENOENT');
  });

  it('is about only one image', async () => {
    const { status, stderr } = await run('report', '-o', '-', '--format', 'json', '--case', held);
    expect([status, stderr]).toEqual([2, expect.stringContaining('is a case about')]);
  });
});

describe('a flag at a place that does not exist', () => {
  it('is reported as misplaced', async () => {
    await run('case', 'flag', held, '/app/notes', '--layer', '0', '--bytes', '4-400');
    await run('case', 'flag', held, '/app/nothing', '--layer', '0');
    const { findings } = await report();
    expect(findings.filter(({ rule }) => rule === 'flagged').map(({ reason }) => reason)).toEqual([
      'flagged by hand; the range ends after the end of the file (13 bytes)',
      'flagged by hand; layer 0 has no such file',
    ]);
  });
});

describe('rules', () => {
  it('are false alarms as exceptions for --config; another value is still reported', async () => {
    const { id } = secretOf(await report());
    await run('case', 'decide', held, 'confirmed', 'secret-other');
    await run(
      'case',
      'decide',
      held,
      'false-alarm',
      id,
      '--reason',
      'a "canary": # of ours',
      '--operator',
      'ada',
    );
    const { status, stdout } = await run('case', 'rules', held, image);
    expect(status).toBe(0);
    expect(stdout).toContain('  # GitHub personal access token: layer 0 /app/.env:1\n  # decided at ');
    expect(stdout).not.toContain('secret-other');
    expect(stdout).not.toContain(TOKEN);

    const config = path.join(folder, 'exhume.yaml');
    await writeFile(config, stdout);
    const scan = await run('scan', image, '--config', config, '--json');
    const { findings } = JSON.parse(scan.stdout) as Report;
    expect(
      findings
        .filter(({ suppressed }) => suppressed === 'allowed: a "canary": # of ours')
        .map((each) => each.id),
    ).toEqual([id]);
  });

  it('are added to a configuration without changing its text and comments', async () => {
    const { id } = secretOf(await report());
    await run('case', 'decide', held, 'false-alarm', id, '--reason', 'an example');
    const config = path.join(folder, 'team.yaml');
    const before = '# Ours.\nrules: []\nallow:\n  - path: docs/** # of the manual\n    reason: examples\n';
    await writeFile(config, before, { mode: 0o640 });
    const into = (): ReturnType<typeof run> => run('case', 'rules', held, image, '--into', config);
    expect((await into()).stdout).toBe(`${config}: 1 exception added\n`);
    const text = await readFile(config, 'utf8');
    expect(text.startsWith(before)).toBe(true);
    expect(text).toContain(`  # GitHub personal access token: layer 0 /app/.env:1\n`);
    expect(text).toContain(`  - fingerprint: ${id}\n    reason: an example\n`);
    expect((await stat(config)).mode & 0o777).toBe(0o640);
    expect((await into()).stdout).toBe(`${config}: no new exceptions\n`);
    const { stdout } = await run('scan', image, '--config', config, '--json');
    expect(secretOf(JSON.parse(stdout) as Report).suppressed).toBe('allowed: an example');

    await writeFile(config, 'allow:\n  - rule: x\n');
    const wrong = await into();
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('team.yaml:2: allow[0]')]);
    expect(await readFile(config, 'utf8')).toBe('allow:\n  - rule: x\n');
  });

  it.each(['', '# Nothing yet.\n', 'allow: []\n', 'rules: []\n'])('are added to %j', async (before) => {
    await run('case', 'decide', held, 'false-alarm', 'secret-00000001');
    const config = path.join(folder, 'other.yaml');
    await writeFile(config, before);
    expect((await run('case', 'rules', held, '--into', config)).stdout).toContain('1 exception added');
    const text = await readFile(config, 'utf8');
    expect(text).toMatch(
      /allow:\n  # decided at .*\n  - fingerprint: secret-00000001\n    reason: false alarm\n$/,
    );
    expect((await run('scan', image, '--config', config)).status).toBe(0);
  });

  it('are an empty list without false alarms, and need no image', async () => {
    const { stdout } = await run('case', 'rules', held);
    expect(stdout).toMatch(/^# .*\nallow: \[\]\n$/);
    const config = path.join(folder, 'empty.yaml');
    await writeFile(config, stdout);
    expect((await run('scan', image, '--config', config)).status).toBe(0);
    expect((await run('case', 'rules', held, 'no-such.tar')).status).not.toBe(0);
  });
});

describe('auto', () => {
  it('means the case in the state directory that is named by the image ID', async () => {
    const env = { XDG_STATE_HOME: path.join(folder, 'state') };
    const named = `auto:${image}`;
    expect((await runIn(env, 'case', 'show', named)).status).toBe(3);
    const opened = await runIn(env, 'case', 'open', named);
    expect(opened.stdout).toMatch(
      /^created .*\/state\/exhume\/cases\/sha256-[0-9a-f]{64}\.json, a case about exhume\/case:1\n$/,
    );
    await runIn(env, 'case', 'decide', named, 'rotated', 'secret-x');
    const target = path.join(folder, 'auto-evidence');
    await runIn(env, 'extract', image, '/app/.env', '-o', target, '--case', 'auto');
    const made = await runIn(env, 'report', image, '-o', '-', '--format', 'json', '--case', 'auto');
    expect((JSON.parse(made.stdout) as Report).log.map(({ action }) => action)).toEqual([
      'opened',
      'decided',
      'extracted',
    ]);
    expect((await stat(path.join(folder, 'state/exhume/cases'))).mode & 0o777).toBe(0o700);
    expect((await runIn(env, 'case', 'open', named)).stderr).toContain('already exists');
  });
});

describe('the log', () => {
  const change = async (edit: (written: Case) => void): Promise<{ status: number; stdout: string }> => {
    await run('case', 'decide', held, 'rotated', 'secret-a');
    await run('case', 'decide', held, 'confirmed', 'secret-b');
    const written = JSON.parse(await readFile(held, 'utf8')) as Case;
    edit(written);
    await writeFile(held, JSON.stringify(written));
    return run('case', 'verify', held);
  };

  it('is intact after it was written', async () => {
    const { status, stdout } = await change(() => {});
    expect([status, stdout]).toEqual([0, '3 lines\nthe case is intact\n']);
  });

  it.each<[string, (written: Case) => void, string]>([
    ['a line was changed', ({ log }) => (log[1]!.at = '2000-01-01T00:00:00Z'), 'line 1 was changed'],
    ['a line was removed', ({ log }) => log.splice(1, 1), 'line 1 was changed'],
    ['the end was cut off', ({ log }) => log.pop(), 'the seal after line'],
  ])('is broken if %s', async (_what, edit, message) => {
    const { status, stdout } = await change(edit);
    expect([status, stdout]).toEqual([1, expect.stringContaining(message)]);
  });

  it('can be checked without the key, except for its seal', async () => {
    await rm(`${held}.key`);
    const { status, stdout } = await run('case', 'verify', held);
    expect([status, stdout]).toEqual([0, expect.stringContaining('the seal was not checked')]);
    expect(stdout).not.toContain('the log is whole');
    const { sealed, whole } = JSON.parse((await run('case', 'verify', held, '--json')).stdout);
    expect([sealed, whole]).toEqual([null, null]);
    expect((await run('case', 'decide', held, 'rotated', 'x')).status).toBe(3);
  });
});

describe('writing', () => {
  it('exits with 3 while another process uses the case, and names that process', async () => {
    const unlock = takeLock(held);
    const { status, stderr } = await run('case', 'decide', held, 'rotated', 'x');
    expect([status, stderr]).toEqual([
      3,
      expect.stringContaining(`case ${held} is in use by process ${process.pid} `),
    ]);
    unlock();
    expect((await run('case', 'decide', held, 'rotated', 'x')).status).toBe(0);
  });

  it('takes over the lock of a process that no longer runs', async () => {
    const { hostname } = await import('node:os');
    await writeFile(`${held}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), since: '' }));
    expect((await run('case', 'decide', held, 'rotated', 'x')).status).toBe(0);
  });

  it('exits with 3 where the case cannot be written', async () => {
    const file = path.join(folder, 'missing', 'case.json');
    const { status, stderr } = await run('case', 'open', file, image);
    expect([status, stderr]).toEqual([3, expect.stringContaining(`cannot write case ${file}: ENOENT`)]);
  });

  it('exits with 3 where the directory of automatic cases cannot be created', async () => {
    const { status, stderr } = await runIn(
      { XDG_STATE_HOME: path.join(image, 'state') },
      'case',
      'open',
      `auto:${image}`,
    );
    expect([status, stderr]).toEqual([3, expect.stringContaining('cannot create')]);
  });

  it.skipIf(SMALL_DISK.skip)(
    `leaves the case unchanged on a disk that is read-only${SMALL_DISK.reason}`,
    async () => {
      const disk = mountSmallDisk(256)!;
      try {
        const file = path.join(disk.folder, 'case.json');
        await copyFile(held, file);
        await copyFile(`${held}.key`, `${file}.key`);
        execaSync('mount', ['-o', 'remount,ro', disk.folder]);
        const { status, stderr } = await run('case', 'decide', file, 'rotated', 'x');
        expect([status, stderr]).toEqual([3, expect.stringContaining('read-only')]);
        expect(await readFile(file, 'utf8')).toBe(await readFile(held, 'utf8'));
        expect((await readdir(disk.folder)).toSorted()).toEqual(['case.json', 'case.json.key']);
        expect((await run('case', 'show', file)).status).toBe(0);
      } finally {
        disk.remove();
      }
    },
  );

  it('leaves the case unchanged if its directory is not writable', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root writes anywhere');
    const before = await readFile(held, 'utf8');
    await chmod(folder, 0o500);
    const { status } = await run('case', 'decide', held, 'rotated', 'x');
    await chmod(folder, 0o700);
    expect([status, await readFile(held, 'utf8')]).toEqual([3, before]);
  });

  it.each([
    ['nonsense', 'is not an exhume case file'],
    ['null', 'is not an exhume case file: schema'],
    ['{"schema":"exhume/case/3"}', 'is not an exhume case file: schema'],
    ['{"schema":"exhume/case/2"}', 'the case is broken: created'],
  ])('%s is refused', async (text, message) => {
    await writeFile(held, text);
    const { status, stderr } = await run('case', 'show', held);
    expect([status, stderr]).toEqual([3, expect.stringContaining(message)]);
  });
});

it.each([
  [['decide', 'perhaps', 'x'], 'expected one of confirmed'],
  [['decide', 'accepted', 'x'], 'needs --reason'],
  [['flag'], 'name one thing to flag'],
  [['flag', '/a'], '--layer N'],
  [['flag', '/a', '--layer', '0', '--bytes', '9-3'], 'FROM-TO'],
])('%j reports the missing or invalid argument', async ([command, ...rest], message) => {
  const { status, stderr } = await run('case', command!, held, ...rest);
  expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
});
