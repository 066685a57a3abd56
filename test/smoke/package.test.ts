import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoArchive } from '../../fixtures/demo.ts';
import { NODE, TOP } from './program.ts';

/** The environment of a user who runs npm: without the variables of the npm script that runs the tests. */
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$/i.test(name))),
  npm_config_update_notifier: 'false',
};

let folder = '';
let packed = '';
let project = '';
/** The output of `npm install` of the tarball, on both streams. */
let printed = '';

/** Runs npm with the program's Node version if npm's file is known, because npm warns about an unsuitable Node. */
function npm(cwd: string, ...argv: string[]) {
  const file = process.env['npm_execpath'];
  const command = file?.endsWith('npm-cli.js') ? [NODE, file] : ['npm'];
  return execa(command[0]!, [...command.slice(1), ...argv], {
    cwd,
    env: { ...env, npm_config_cache: path.join(folder, 'cache') },
    extendEnv: false,
    all: true,
  });
}

/** Runs the installed program in an empty directory; throws if it fails. */
async function installed(...argv: string[]): Promise<string> {
  const cwd = await mkdtemp(path.join(folder, 'empty-'));
  const { stdout } = await execa(NODE, [path.join(project, 'node_modules/.bin/exhume'), ...argv], {
    cwd,
    stdin: 'ignore',
    env: { NO_COLOR: '1' },
  });
  return stdout;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-package-'));
  packed = path.join(folder, 'package');
  await execa(process.execPath, ['package.ts', '--outdir', packed], { cwd: TOP });
  const { stdout } = await npm(folder, 'pack', '--silent', './package');
  project = path.join(folder, 'project');
  await mkdir(project);
  await writeFile(path.join(project, 'package.json'), '{ "private": true }');
  const tarball = path.join(folder, stdout.trim());
  // Offline and with an empty cache, any dependency would fail here.
  printed = (await npm(project, 'install', '--offline', tarball)).all;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the published package', () => {
  it('has the JSON schemas that its documentation links to', async () => {
    const schemas = path.join(project, 'node_modules/exhume/src/report/schema');
    const scan = JSON.parse(await readFile(path.join(schemas, 'scan.schema.json'), 'utf8')) as {
      $id: string;
    };
    expect(scan.$id).toBe('urn:exhume:scan:2');
    expect(await readFile(path.join(schemas, 'common.schema.json'), 'utf8')).toContain('urn:exhume:common:1');
  });

  it('installs one package, without a warning', async () => {
    expect(printed).toMatch(/^\s*added 1 package\b/);
    expect(printed).not.toMatch(/warn/i);
    const { stdout } = await npm(project, 'ls', '--all', '--parseable');
    expect(stdout.split('\n').map((line) => path.basename(line))).toEqual(['project', 'exhume']);
  });

  it('has no dependencies and no scripts', async () => {
    const published = JSON.parse(await readFile(path.join(packed, 'package.json'), 'utf8')) as object;
    expect(Object.keys(published)).toEqual([
      'name',
      'version',
      'description',
      'keywords',
      'license',
      'type',
      'bin',
      'files',
      'engines',
    ]);
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(await readFile(path.join(TOP, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await installed('--version')).toBe(version);
  });

  it('summarizes the demonstration image', async () => {
    expect(await installed('summary')).toContain('exhume/leaky:1');
  });

  it("requires only Node's modules", async () => {
    const bundle = await readFile(path.join(packed, 'dist/exhume.js'), 'utf8');
    expect(bundle.match(/\b(?:require|import)\("[^"]*"\)|^import\b[^'\n]*"[^"]*"/gm)).toBeNull();
  });

  it('can run every command that reads an image', async () => {
    const demo = path.join(folder, 'demo.tar');
    await writeFile(demo, (await demoArchive()).bytes);
    expect(JSON.parse(await installed('packages', demo, '--format', 'cyclonedx'))).toHaveProperty(
      'bomFormat',
      'CycloneDX',
    );
    for (const argv of [
      ['ls', demo],
      ['path', demo, '/password.txt'],
      ['cat', demo, '/password.txt'],
      ['extract', demo, '/password.txt', '-o', 'extracted'],
      ['history', demo],
      ['dockerfile', demo],
      ['packages', demo],
      ['scan', demo],
      ['waste', demo],
      ['report', demo, '--format', 'json', '-o', '-'],
      ['compare', demo, demo],
    ]) {
      expect(await installed(...argv), argv.join(' ')).not.toBe('');
    }
  });
});

describe('the repository', () => {
  it('cannot be published by mistake', async () => {
    const clone = JSON.parse(await readFile(path.join(TOP, 'package.json'), 'utf8')) as object;
    expect(clone).toMatchObject({ private: true });
    // Even if its own tarball is installed, it installs no dependencies.
    expect(clone).not.toHaveProperty('dependencies');
  });
});
