import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ociArchive } from '../../fixtures/forms.ts';
import { fileOverDirectory, hostilePaths } from '../../fixtures/hostile.ts';
import { truncatedGzipLayer } from '../../fixtures/hostile-bytes.ts';
import { buildImage, type FixtureImage } from '../../fixtures/image.ts';
import { dir, file, type FixtureEntry, symlink } from '../../fixtures/tar.ts';
import type { EvidenceItem, EvidenceRecord } from '../../src/case/evidence.ts';
import { run } from './run.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'exhume-extract-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

async function saved(image: FixtureImage): Promise<string> {
  const name = path.join(folder, `image-${count++}.tar`);
  writeFileSync(name, await ociArchive([image]));
  return name;
}

async function imageOf(...layers: FixtureEntry[][]): Promise<string> {
  return saved(await buildImage({ steps: layers.map((entries) => ({ createdBy: 'COPY . /', entries })) }));
}

interface Extraction {
  readonly status: number;
  readonly stderr: string;
  readonly target: string;
  readonly record: EvidenceRecord;
}

/** Extracts everything into a new directory, and returns the record. */
async function extracted(image: string, ...options: string[]): Promise<Extraction> {
  const target = path.join(folder, `out-${count++}`);
  const { status, stderr } = await run('extract', image, '/', '-o', target, '--quiet', ...options);
  const record = JSON.parse(readFileSync(path.join(target, 'exhume-evidence.json'), 'utf8'));
  return { status, stderr, target, record };
}

const textOf = ({ target }: Extraction, item: EvidenceItem | undefined): string | null =>
  item?.file == null ? null : readFileSync(path.join(target, item.file), 'utf8');

const files = ({ record }: Extraction): EvidenceItem[] => record.items.filter(({ type }) => type === 'file');

const itemAt = ({ record }: Extraction, where: string, layer?: number): EvidenceItem | undefined =>
  record.items.find((item) => item.path === where && (layer ?? item.layer) === item.layer);

describe('extracting everything', () => {
  it('writes the files below a directory that became a file', async () => {
    const image = await imageOf([dir('a/'), file('a/b', 'below')], [file('a', 'now a file')]);
    const done = await extracted(image);
    expect(done.status).toBe(0);
    expect(textOf(done, itemAt(done, '/a'))).toBe('now a file');
    expect(textOf(done, itemAt(done, '/a/b'))).toBe('below');
    expect(itemAt(done, '/a/b')!.file).toBe('layer-0~/a/b');
  });

  it('writes the files of a layer that has a file and a directory at the same path', async () => {
    const done = await extracted(await imageOf([file('a', 'file'), file('a/b', 'below'), file('c', 'c')]));
    expect(done.status).toBe(0);
    expect(
      files(done)
        .map((item) => textOf(done, item))
        .toSorted(),
    ).toEqual(['below', 'c', 'file']);
  });

  it('writes every file whose path changed its type more than once', async () => {
    const done = await extracted(await saved(await fileOverDirectory()));
    expect(done.status).toBe(0);
    expect(files(done).every(({ file: written }) => written !== null)).toBe(true);
  });

  it('writes a member whose name is the root', async () => {
    const done = await extracted(await imageOf([file('.', 'the root as a file'), file('a', 'a')]));
    expect(done.status).toBe(0);
    expect(textOf(done, itemAt(done, '/'))).toBe('the root as a file');
    expect(textOf(done, itemAt(done, '/a'))).toBe('a');
  });

  it('writes a path of ten thousand segments, and a name of five thousand letters', async () => {
    const deep = `${'d/'.repeat(9_999)}leaf`;
    const done = await extracted(
      await imageOf([file(deep, 'deep'), file('x'.repeat(5_000), 'long'), file('a', 'a')]),
    );
    expect(done.status).toBe(0);
    expect(textOf(done, itemAt(done, `/${deep}`))).toBe('deep');
    expect(itemAt(done, `/${deep}`)!.file).toMatch(/^path~[0-9a-f]{32}$/);
    expect(textOf(done, itemAt(done, `/${'x'.repeat(5_000)}`))).toBe('long');
  });

  it('writes a file with the same name as the record', async () => {
    const name = 'exhume-evidence.json';
    const done = await extracted(await imageOf([file(name, 'not the record')]));
    expect(textOf(done, itemAt(done, `/${name}`))).toBe('not the record');
    expect(done.record.schema).toBe('exhume/evidence/1');
  });

  it('writes hostile paths only inside the directory', async () => {
    const done = await extracted(await saved(await hostilePaths()));
    expect(done.status).toBe(0);
    const inside = readdirSync(done.target, { recursive: true, withFileTypes: true });
    expect(inside.some((entry) => entry.isSymbolicLink())).toBe(false);
    expect(files(done).every(({ file: written }) => existsSync(path.join(done.target, written!)))).toBe(true);
    expect(existsSync(path.join(folder, 'etc'))).toBe(false);
  });

  it('does not count links and directories as missing', async () => {
    const done = await extracted(await imageOf([dir('d/'), symlink('d/link', '/etc/passwd')]));
    expect(done.status).toBe(0);
    expect(done.record.items.every(({ complete, file: written }) => complete && written === null)).toBe(true);
  });

  it('exits with 4 and a reason for a truncated file', async () => {
    const done = await extracted(await saved(await truncatedGzipLayer()));
    expect(done.status).toBe(4);
    expect(done.stderr).toMatch(/missing or incomplete: .*; see .*exhume-evidence\.json/);
    expect(done.record.items.some(({ complete }) => !complete)).toBe(true);
  });
});

describe.skipIf(process.platform !== 'linux')('an output directory that cannot be created', () => {
  it.each(['/proc/exhume/out', '/proc/exhume', '/sys/exhume'])(
    'is refused in one line: %s',
    async (target) => {
      const { status, stderr } = await run('extract', await imageOf([file('a', 'a')]), '/a', '-o', target);
      expect(status).toBe(2);
      expect(stderr).toMatch(/^exhume: cannot extract into \/.*\n$/);
      expect(stderr).toContain(target);
    },
  );
});
