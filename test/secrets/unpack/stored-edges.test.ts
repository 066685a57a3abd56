import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { githubToken } from '../../../fixtures/canary.ts';
import { gzip, hasZstd, skippableFrame } from '../../../fixtures/compress.ts';
import { dockerArchive, ociArchive } from '../../../fixtures/forms.ts';
import { buildImage, type FixtureStep, MEDIA } from '../../../fixtures/image.ts';
import { file, packTar } from '../../../fixtures/tar.ts';
import { secretsIn } from '../scan-archive.ts';

async function imageOf(...steps: FixtureStep[]): Promise<Buffer> {
  return ociArchive([await buildImage({ names: ['edges:1'], steps })]);
}

/** Returns a file with tokens that cross the edges of 512-byte blocks at every possible offset. */
function acrossBlocks(): { readonly content: Buffer; readonly places: readonly number[] } {
  const length = githubToken('block 0').length;
  const places = Array.from({ length: length + 1 }, (_, shift) => 1024 * (shift + 1) - shift);
  const content = Buffer.alloc(1024 * (length + 3), '. ');
  for (const [index, place] of places.entries())
    content.write(githubToken(`block ${index}`), place, 'latin1');
  return { content, places };
}

describe('a token that is split in the stored form', () => {
  it('is found across two blocks of a tar', async () => {
    const { content, places } = acrossBlocks();
    const findings = await secretsIn(
      await imageOf({ createdBy: 'COPY a /', entries: [file('notes', content)], compression: 'gzip' }),
    );
    const found = findings.map(({ where }) => where.offset!).toSorted((a, b) => a - b);
    expect(found).toEqual(places);
  });

  const parts: readonly [string, (bytes: Buffer) => Buffer[]][] = [
    ['gzip members', (bytes) => [gzip(bytes)]],
    ...(hasZstd
      ? ([
          ['zstd frames', (bytes) => [zlib.zstdCompressSync(bytes)]],
          [
            'zstd frames with skippable frames between',
            (bytes) => [skippableFrame('toc'), zlib.zstdCompressSync(bytes)],
          ],
        ] satisfies [string, (bytes: Buffer) => Buffer[]][])
      : []),
  ];

  it.each(parts)('is found across two %s', async (what, packed) => {
    const mediaType = `${MEDIA.ociLayer}+${what.slice(0, 4)}`;
    const steps: FixtureStep[] = [];
    for (let cut = 0; cut <= githubToken('').length; cut++) {
      const token = githubToken(`cut ${cut}`);
      const tar = await packTar([file(`etc/cut-${cut}`, `token ${token}\n`)]);
      const at = tar.indexOf(token) + cut;
      const blob = Buffer.concat([tar.subarray(0, at), tar.subarray(at)].flatMap(packed));
      steps.push({ createdBy: 'COPY a /', tar, blob, mediaType });
    }
    const findings = await secretsIn(await imageOf(...steps));
    const found = findings.map(({ where }) => where.path).toSorted();
    expect(found).toEqual(steps.map((_, cut) => `/etc/cut-${cut}`).toSorted());
  });
});

describe('the JSON of a layer in a legacy docker-archive', () => {
  it.each(['legacy', 'podman'] as const)('is scanned as a config: %s', async (form) => {
    const token = githubToken(`json of ${form}`);
    const image = await buildImage({
      names: ['old:1'],
      steps: [{ createdBy: 'COPY a /', entries: [file('etc/motd', 'hello\n')] }],
    });
    const findings = await secretsIn(
      await dockerArchive([image], { form, containerEnv: [`BUILD_TOKEN=${token}`] }),
    );
    expect(findings.map(({ rule, where }) => [rule, where.surface, where.path])).toEqual([
      ['github-personal-token', 'config', expect.stringMatching(/^[0-9a-f]{64}\/json$/) as string],
    ]);
  });

  it('is scanned even if no manifest refers to it', async () => {
    const token = githubToken('json of Docker 25');
    const image = await buildImage({
      names: ['new:1'],
      steps: [{ createdBy: 'COPY a /', entries: [file('etc/motd', 'hello\n')] }],
    });
    const findings = await secretsIn(
      await dockerArchive([image], { form: 'hybrid', containerEnv: [`BUILD_TOKEN=${token}`] }),
    );
    expect(findings.map(({ rule, where }) => [rule, where.surface])).toEqual([
      ['github-personal-token', 'archive'],
    ]);
  });
});
