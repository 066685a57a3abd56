import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rsaKey } from '../../fixtures/canary-keys.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file } from '../../fixtures/tar.ts';
import type { DockerfileFacts } from '../../src/report/dockerfile-facts.ts';
import { run } from './run.ts';

const OWN = `# syntax=docker/dockerfile:1
FROM debian:12 AS build
RUN --mount=type=cache,target=/c make
`;

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-dockerfile-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Returns a BuildKit image with the Dockerfile in its provenance. */
async function imageWith(source: string): Promise<string> {
  const image = await buildImage({
    names: ['kept:1'],
    steps: [
      {
        createdBy: 'RUN /bin/sh -c make # buildkit',
        comment: 'buildkit.dockerfile.v0',
        entries: [file('made', '')],
      },
    ],
  });
  const data = Buffer.from(source).toString('base64');
  const infos = [{ filename: 'Dockerfile', language: 'Dockerfile', data }];
  const provenance = { metadata: { 'https://mobyproject.org/buildkit@v1#metadata': { source: { infos } } } };
  const archive = path.join(folder, 'image.tar');
  await writeFile(archive, await dockerArchive([image], { form: 'containerd', predicate: { provenance } }));
  return archive;
}

const facts = async (...argv: string[]): Promise<DockerfileFacts> =>
  JSON.parse((await run('dockerfile', ...argv, '--json')).stdout) as DockerfileFacts;

describe('a recorded Dockerfile', () => {
  it('is preferred, and nothing is printed above its parser directive', async () => {
    const { stdout } = await run('dockerfile', await imageWith(OWN));
    expect(stdout.startsWith(OWN)).toBe(true);
    expect(stdout).toContain('# exhume: recorded by the builder');
  });

  it('names the layer that each line created', async () => {
    const { lines, source } = await facts(await imageWith(OWN));
    expect(source).toBe('provenance');
    expect(lines.map(({ layer, historyIndex }) => [layer, historyIndex])).toEqual([
      [null, null],
      [null, null],
      [0, 0],
    ]);
  });

  it('is ignored on request, in favour of the history', async () => {
    const { lines, source } = await facts(await imageWith(OWN), '--from-history');
    expect(source).toBe('history');
    expect(lines.map(({ text }) => text)).toEqual(['FROM scratch', 'RUN make']);
  });

  it('shows no credential, not even one that spans lines', async () => {
    const { pem } = rsaKey('openssl sample', { steps: [95, 209] });
    const archive = await imageWith(`FROM debian:12\nRUN <<END\ncat > /key <<KEY\n${pem}KEY\nEND\n`);
    const { stdout } = await run('dockerfile', archive);
    for (const line of pem.split('\n').filter((each) => each.length > 40)) expect(stdout).not.toContain(line);
    expect(stdout).toContain('FROM debian:12');
  });
});
