import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ociArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { run } from '../commands/run.ts';

const PACKAGE = 'browser-sync@3.0.4';
const folder = await mkdtemp(path.join(tmpdir(), 'exhume-test-keys-'));
const pack = ['pack', '--silent', '--ignore-scripts', PACKAGE];
/** Regular test runs download nothing. */
const skip =
  process.env['EXHUME_MADE'] !== '1' ||
  (await execa('npm', pack, { cwd: folder, reject: false, timeout: 60_000 })).failed;

// Vitest runs no hooks if all tests are skipped.
if (skip) await rm(folder, { recursive: true, force: true });
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(skip)(`the keys in ${PACKAGE}${skip ? ' (skipped: not fetched)' : ''}`, () => {
  let keys: readonly Finding[] = [];

  beforeAll(async () => {
    const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
    const entries = [file('opt/package.tgz', await readFile(path.join(folder, tarball!)))];
    const name = path.join(folder, 'image.tar');
    await writeFile(
      name,
      await ociArchive([await buildImage({ steps: [{ createdBy: 'COPY . /', entries }] })]),
    );
    const { stdout } = await run('scan', name, '--json');
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    keys = findings.filter(({ rule }) => rule.startsWith('private-key'));
  });

  it('are found, and suppressed as published test keys', () => {
    expect(keys.map(({ suppressed }) => suppressed)).toEqual([
      'public test key that ships with npm browser-sync',
    ]);
  });
});
