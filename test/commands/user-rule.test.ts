import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ACME_VALUE, type AcmeFiles, acmeToken, writeAcme } from '../acme-image.ts';
import { run } from './run.ts';

let folder = '';
let files: AcmeFiles;
const before = process.cwd();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-user-rule-'));
  files = await writeAcme(folder);
});

afterEach(() => process.chdir(before));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every command that prints texts of an image, without the options for JSON and the configuration. */
const COMMANDS: readonly (readonly [name: string, ...more: string[]])[] = [
  ['summary'],
  ['ls'],
  ['ls', '--deleted'],
  ['path', '/app/conf'],
  ['history'],
  ['dockerfile'],
  ['dockerfile', '--from-history'],
  ['packages'],
  ['scan'],
  ['scan', '--show-suppressed'],
  ['scan', '--format', 'csv'],
  ['scan', '--format', 'sarif'],
  ['scan', '--format', 'junit'],
  ['waste'],
  ['cat', '/app/tool'],
  ['report', '-o', '-', '--format', 'markdown'],
  ['report', '-o', '-', '--format', 'html'],
  ['report', '-o', '-', '--format', 'json'],
  ['report', '-o', '-', '--format', 'sarif'],
  ['report', '-o', '-', '--format', 'csv'],
];

/** Inserts the image into a command, before a path. */
function on(image: string, [name, ...more]: readonly [string, ...string[]]): string[] {
  return more[0]?.startsWith('/') === true ? [name, image, ...more] : [name, ...more, image];
}

/** Runs in the directory that holds exhume.yaml. */
async function configured(...argv: string[]): Promise<string> {
  process.chdir(files.configured);
  const { status, stderr, stdout } = await run(...argv);
  expect([argv, status, stderr]).toEqual([argv, expect.toSatisfy((s) => s === 0 || s === 1), stderr]);
  return stdout + stderr;
}

it('fails if exhume.yaml exists but cannot be read', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'exhume-config-'));
  await mkdir(path.join(directory, 'exhume.yaml'));
  process.chdir(directory);
  const { status, stderr } = await run('scan', files.image);
  process.chdir(files.plain);
  await rm(directory, { recursive: true });
  expect([status, stderr]).toEqual([2, expect.stringContaining('cannot read exhume.yaml (EISDIR)')]);
});

describe('the match of a custom rule', () => {
  it('is printed without the rule, so that the tests below check something', async () => {
    process.chdir(files.plain);
    for (const command of ['summary', 'history', 'dockerfile', 'waste', 'ls --json']) {
      const { stdout } = await run(...command.split(' '), files.image);
      expect([command, ACME_VALUE.test(stdout)]).toEqual([command, true]);
    }
  });

  it.each(COMMANDS.map((command) => [command.join(' '), command] as const))(
    'is masked in exhume %s',
    async (_, command) => {
      for (const image of [files.image, files.withProvenance]) {
        for (const json of [[], ['--json']]) {
          expect(await configured(...on(image, command), ...json)).not.toMatch(ACME_VALUE);
        }
      }
    },
  );

  it.each(COMMANDS.map((command) => [command.join(' '), command] as const))(
    'is masked in exhume %s --config FILE',
    async (_, command) => {
      process.chdir(files.plain);
      const config = path.join(files.configured, 'exhume.yaml');
      const { stdout, stderr } = await run(...on(files.image, command), '--config', config);
      expect(stdout + stderr).not.toMatch(ACME_VALUE);
      expect(stdout).not.toBe('');
    },
  );

  it('is masked in compare and in verify', async () => {
    const { image, withProvenance } = files;
    const report = path.join(folder, 'report.json');
    await configured('report', '-o', report, image);
    expect(await readFile(report, 'utf8')).not.toMatch(ACME_VALUE);
    for (const json of [[], ['--json']]) {
      expect(await configured('compare', image, withProvenance, ...json)).not.toMatch(ACME_VALUE);
      expect(await configured('verify', report, image, ...json)).not.toMatch(ACME_VALUE);
    }
    for (const format of ['sarif', 'junit']) {
      expect(await configured('verify', report, image, '--format', format)).not.toMatch(ACME_VALUE);
    }
  });

  it('is masked in the record of an extraction', async () => {
    for (const json of [[], ['--json']]) {
      const output = path.join(folder, `evidence${json.join('')}`);
      const printed = await configured('extract', files.image, '/app/tool', '-o', output, ...json);
      expect(printed).not.toMatch(ACME_VALUE);
      expect(await readFile(path.join(output, 'exhume-evidence.json'), 'utf8')).not.toMatch(ACME_VALUE);
    }
  });

  it('is masked in a case, even if it was logged without the rule', async () => {
    const held = path.join(folder, 'case.json');
    const flag = ['--layer', '0', '--kind', acmeToken('kind'), '--note', acmeToken('note')];
    const decide = ['false-alarm', 'secret-1', '--reason', acmeToken('reason')];
    process.chdir(files.plain);
    await run('case', 'open', held, files.image);
    await run('case', 'flag', held, '/app/conf', ...flag);
    await run('case', 'decide', held, ...decide);
    expect(await readFile(held, 'utf8')).toMatch(ACME_VALUE);
    for (const json of [[], ['--json']]) {
      expect(await configured('case', 'show', held, ...json)).not.toMatch(ACME_VALUE);
      const report = ['report', '-o', '-', '--format', 'markdown', '--case', held, files.image];
      expect(await configured(...report, ...json)).not.toMatch(ACME_VALUE);
    }
    process.chdir(files.plain);
    const report = path.join(folder, 'earlier.json');
    await run('report', '-o', report, '--case', held, files.image);
    expect(await readFile(report, 'utf8')).toMatch(ACME_VALUE);
    for (const format of ['table', 'json', 'sarif', 'junit']) {
      const verify = ['verify', report, files.image, '--format', format];
      expect(await configured(...verify)).not.toMatch(ACME_VALUE);
      expect(await configured(...verify, '--case', held)).not.toMatch(ACME_VALUE);
    }
    expect(await configured('case', 'rules', held)).not.toMatch(ACME_VALUE);
    expect(await configured('case', 'rules', held, files.image)).not.toMatch(ACME_VALUE);
    expect(await configured('case', 'undo', held)).not.toMatch(ACME_VALUE);
    expect(await configured('case', 'undo', held)).not.toMatch(ACME_VALUE);
    const fresh = path.join(folder, 'fresh.json');
    await configured('case', 'open', fresh, files.image);
    expect(await configured('case', 'flag', fresh, '/app/conf', ...flag)).not.toMatch(ACME_VALUE);
    expect(await configured('case', 'decide', fresh, ...decide)).not.toMatch(ACME_VALUE);
    expect(await readFile(fresh, 'utf8')).not.toMatch(ACME_VALUE);
  });
});

describe('an invalid configuration', () => {
  it.each(COMMANDS.map((command) => [command.join(' '), command] as const))(
    'stops exhume %s before anything is printed',
    async (_, command) => {
      const config = path.join(folder, 'nothing.yaml');
      const { status, stderr, stdout } = await run(...on(files.image, command), '--config', config);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain('nothing.yaml');
    },
  );
});
