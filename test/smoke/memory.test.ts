import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { githubToken, seededRandom } from '../../fixtures/canary.ts';
import { ociArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file } from '../../fixtures/tar.ts';
import { residentSet } from '../bench/measure.ts';

const program = path.join(import.meta.dirname, '../../bin/exhume.js');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-memory-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Returns an image with a text of the given size in MB whose last line has a token. */
async function imageOf(megabytes: number): Promise<string> {
  const block = seededRandom('text').text('abcdefghij klmnopqrstuvw\n', 16_384);
  const content = Buffer.alloc(megabytes * 1_000_000, block);
  const line = `\ntoken ${githubToken('at the very end')}\n`;
  content.write(line, content.length - line.length);
  const image = await buildImage({
    steps: [{ createdBy: 'COPY dump /', entries: [file('var/dump.sql', content)], compression: 'gzip' }],
  });
  const name = path.join(folder, `${megabytes}.tar`);
  await writeFile(name, await ociArchive([image]));
  return name;
}

it('scans a file of 300 MB with as little memory as one of 30 MB', async () => {
  const [small, large] = [await imageOf(30), await imageOf(300)];
  const { stdout } = await execa(process.execPath, [program, 'scan', large, '--json']);
  const { findings } = JSON.parse(stdout) as { findings: { rule: string; where: { path: string } }[] };
  expect(findings.filter(({ where }) => where.path === '/var/dump.sql').map(({ rule }) => rule)).toEqual([
    'github-personal-token',
  ]);
  const megabytes = async (name: string): Promise<number> =>
    (await residentSet(process.execPath, [program, 'scan', name])) / 1e6;
  const more = (await megabytes(large)) - (await megabytes(small));
  // The margin is for garbage that is not yet collected; keeping the file in memory would add 270 MB.
  expect(more).toBeLessThan(90);
});
