import { execa } from 'execa';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ociArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file } from '../../fixtures/tar.ts';
import { tool, wanting } from './tools.ts';

const MAIN = path.join(import.meta.dirname, '../../src/main.ts');
const { reason, skip } = wanting('gcc');

/** Large enough that worker threads read the layers. */
const large = Buffer.from(
  Array.from({ length: 3_000_000 }, (_, i) => (Math.imul(i, 2_654_435_761) >>> 11) & 0xff),
);

describe.skipIf(skip)(`a disk whose reads fail with EIO${reason}`, () => {
  let folder = '';
  let library = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'exhume-eio-'));
    library = path.join(folder, 'bad-sectors.so');
    const source = path.join(import.meta.dirname, 'bad-sectors.c');
    await tool('gcc', '-shared', '-fPIC', '-o', library, source, '-ldl');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function archive(compression: 'none' | 'gzip'): Promise<string> {
    const steps = ['one', 'two'].map((name) => ({
      createdBy: `COPY ${name} /`,
      entries: [file(`${name}-before`, name), file(`${name}-large`, large), file(`${name}-behind`, name)],
      compression,
    }));
    const name = path.join(folder, `${compression}.tar`);
    await writeFile(name, await ociArchive([await buildImage({ names: ['t:1'], steps })]));
    return name;
  }

  /** Runs exhume on an image with one unreadable byte. */
  async function exhume(image: string, bad: number, ...argv: string[]) {
    const env = { LD_PRELOAD: library, BAD_FILE: image, BAD_FROM: `${bad}`, BAD_TO: `${bad + 1}` };
    const options = { env, reject: false, stdin: 'ignore' } as const;
    const { exitCode, stderr, stdout } = await execa(process.execPath, [MAIN, ...argv], options);
    return { exitCode, stderr, stdout };
  }

  it('loses only the affected file of an uncompressed layer', async () => {
    const image = await archive('none');
    const bad = (await readFile(image)).indexOf('two-large\0') + 512 + 1_500_000;
    for (const command of ['summary', 'scan', 'ls']) {
      const { exitCode, stdout } = await exhume(image, bad, command, image, '--json');
      expect(exitCode, command).toBe(4);
      expect(JSON.parse(stdout).incomplete).toMatchObject([{ layer: 1, file: image, length: 512 }]);
    }
    for (const name of ['one-behind', 'two-before', 'two-behind']) {
      expect((await exhume(image, bad, 'cat', image, `/${name}`)).stdout).toBe(name.slice(0, 3));
    }
    const { exitCode, stderr } = await exhume(image, bad, 'cat', image, '/two-large');
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining(`cannot read ${image} at offset `)]);
  });

  it('loses the rest of a compressed layer', async () => {
    const image = await archive('gzip');
    const bad = Math.floor((await readFile(image)).length * 0.75);
    const { exitCode, stdout } = await exhume(image, bad, 'scan', image, '--json');
    expect(exitCode).toBe(4);
    const { incomplete, layers } = JSON.parse(stdout);
    expect(incomplete).toHaveLength(1);
    expect((layers as { status: string }[]).map(({ status }) => status).toSorted()).toEqual([
      'damaged',
      'indexed',
    ]);
  });
});
