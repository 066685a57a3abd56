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
/** Everyday tests fetch nothing. */
const skip =
  process.env['EXHUME_MADE'] !== '1' ||
  (await execa('npm', pack, { cwd: folder, reject: false, timeout: 60_000 })).failed;

// Where all is skipped, nothing is run afterwards.
if (skip) await rm(folder, { recursive: true, force: true });
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(skip)(`the keys that ${PACKAGE} carries${skip ? ' (skipped: not fetched)' : ''}`, () => {
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

  it('are found, and demoted as keys that anyone can have', () => {
    expect(keys.map(({ demoted }) => demoted)).toEqual(['public test key that ships with npm browser-sync']);
  });
});
