import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bzip2Magic, xzBytes } from './compressed.ts';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerArchive, ociArchive } from '../../fixtures/forms.ts';
import { brokenArchive, notImages, tamperedLayer, truncatedArchive } from '../../fixtures/hostile-bytes.ts';
import { buildImage, type FixtureImage } from '../../fixtures/image.ts';
import { writeDir, writeOciLayout } from '../../fixtures/on-disk.ts';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import { chooseImage } from '../../src/image/choose.ts';
import type { Image } from '../../src/image/image.ts';
import { openPath } from '../../src/image/open.ts';
import { Problem } from '../../src/problem.ts';

let folder = '';
let image: FixtureImage;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-test-'));
  image = await buildImage({
    names: ['shop/app:2'],
    config: { Env: ['A=1'], Cmd: ['/app'] },
    steps: [
      { createdBy: 'COPY a /a # buildkit', entries: [dir('etc/'), file('etc/a', 'one'), file('b', 'b')] },
      { empty: true, createdBy: 'ENV A=1' },
      { createdBy: 'RUN rm /b # buildkit', entries: [whiteout('b')] },
    ],
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function save(name: string, bytes: Uint8Array): Promise<string> {
  const target = path.join(folder, name);
  await writeFile(target, bytes);
  return target;
}

async function openBytes(name: string, bytes: Uint8Array): Promise<Image> {
  return chooseImage(await openPath(await save(name, bytes))).open();
}

async function problemOf(action: () => Promise<unknown>): Promise<Problem> {
  const error = await action().then(
    () => null,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(Problem);
  return error as Problem;
}

describe('a saved image', () => {
  it.each(['legacy', 'podman', 'hybrid', 'containerd'] as const)(
    'opens as a docker-archive in the %s format',
    async (form) => {
      const opened = await openBytes(`${form}.tar`, await dockerArchive([image], { form }));
      expect(opened.form).toBe('docker-archive');
      expect(opened.id).toBe(image.config.digest);
      expect(opened.idVerified).toBe(true);
      expect(opened.names).toEqual(['shop/app:2']);
      expect(opened.layers.map((layer) => layer.diffId)).toEqual(image.layers.map((layer) => layer.diffId));
      expect(opened.layers.every((layer) => layer.blob !== null)).toBe(true);
      expect(opened.config.history.map((entry) => entry.emptyLayer)).toEqual([false, true, false]);
    },
  );

  it.each(['layers-first', 'reversed'] as const)(
    'opens as an OCI archive with members in the order %s',
    async (order) => {
      const opened = await openBytes(`oci-${order}.tar`, await ociArchive([image], { order }));
      expect(opened.form).toBe('oci-archive');
      expect(opened.manifestDigest).toBe(image.manifest.digest);
      expect(opened.manifestVerified).toBe(true);
      expect(opened.layers.map((layer) => layer.digest)).toEqual(
        image.layers.map((layer) => layer.blob.digest),
      );
    },
  );

  it('opens as an OCI layout directory and as a skopeo dir: directory', async () => {
    const layout = path.join(folder, 'layout');
    await writeOciLayout([image], layout, { junk: true });
    const fromLayout = chooseImage(await openPath(layout)).open();
    const plain = path.join(folder, 'dir');
    await writeDir(image, plain);
    const fromDir = chooseImage(await openPath(plain)).open();
    expect([fromLayout.form, fromDir.form]).toEqual(['oci-layout', 'dir']);
    expect(fromLayout.id).toBe(image.config.digest);
    expect(fromDir.id).toBe(image.config.digest);
  });

  it('is detected by content and not by name, also inside gzip, zstd and xz', async () => {
    const archive = await dockerArchive([image], { form: 'podman' });
    const compressed: [string, Uint8Array | null][] = [
      ['gzip.txt', gzipSync(archive)],
      ['zstd.txt', zstdCompressSync(archive)],
      ['xz.txt', xzBytes(archive)],
    ];
    for (const [name, bytes] of compressed) {
      if (bytes === null) continue;
      expect((await openBytes(name, bytes)).id, name).toBe(image.config.digest);
    }
  });

  it('may have lower-case keys, as from jib', async () => {
    const bytes = await dockerArchive([image], { form: 'legacy', lowerCaseKeys: true });
    expect((await openBytes('jib.tar', bytes)).names).toEqual(['shop/app:2']);
  });

  it('lists unreferenced blobs', async () => {
    const layout = path.join(folder, 'junk');
    await writeOciLayout([image], layout, { junk: true });
    const archive = await openPath(layout);
    expect(archive.unreferenced().length).toBeGreaterThan(0);
    const referenced = new Set(image.layers.map((layer) => layer.blob.digest.replace('sha256:', '')));
    expect(archive.unreferenced().some(({ name }) => referenced.has(path.basename(name)))).toBe(false);
  });
});

describe('several images in one archive', () => {
  let arm: FixtureImage;
  beforeAll(async () => {
    arm = await buildImage({
      names: ['shop/app:2'],
      platform: { os: 'linux', architecture: 'arm64' },
      steps: [{ createdBy: 'COPY arm', entries: [file('arm', 'x')] }],
    });
  });

  it('include each platform of an index, of which one can be selected', async () => {
    const bytes = await ociArchive([image, arm], { nested: true });
    const archive = await openPath(await save('multi.tar', bytes));
    expect(archive.choices.map((choice) => choice.platform.architecture)).toEqual(['amd64', 'arm64']);
    expect(chooseImage(archive, { platform: 'linux/arm64' }).open().id).toBe(arm.config.digest);
    expect(chooseImage(archive, { platform: 'aarch64' }).open().id).toBe(arm.config.digest);
    const problem = await problemOf(async () => chooseImage(archive, { platform: 'linux/s390x' }));
    expect(problem.code).toBe('no-such-platform');
    expect(problem.message).toContain('linux/amd64');
  });

  it('do not include attestations, which are listed separately', async () => {
    const bytes = await dockerArchive([image], { form: 'containerd' });
    const archive = await openPath(await save('attested.tar', bytes));
    expect(archive.choices).toHaveLength(1);
    expect(archive.choices[0]!.open().attestations).toHaveLength(1);
  });

  it('are selected by name, by the end of a name, or by number', async () => {
    const other = await buildImage({ names: ['registry.internal/other:1'], steps: [] });
    const archive = await openPath(
      await save('two.tar', await dockerArchive([image, other], { form: 'legacy' })),
    );
    expect(chooseImage(archive, { image: 'other:1' }).open().id).toBe(other.config.digest);
    expect(chooseImage(archive, { image: '1' }).open().id).toBe(other.config.digest);
    const problem = await problemOf(async () => chooseImage(archive, { image: 'nothing' }));
    expect(problem.message).toContain('shop/app:2');
  });
});

describe('incomplete images', () => {
  it('open with a missing layer', async () => {
    const holed = await buildImage({
      steps: [
        { createdBy: 'a', entries: [file('a', 'a')] },
        { createdBy: 'b', entries: [file('b', 'b')], missing: true },
      ],
    });
    const opened = await openBytes('holed.tar', await ociArchive([holed]));
    expect(opened.layers.map((layer) => layer.blob === null)).toEqual([false, true]);
    expect(opened.warnings.map((warning) => warning.code)).toContain('missing-blob');
  });

  it('open if tampered with, and have mismatching digests', async () => {
    const tampered = await tamperedLayer();
    const opened = await openBytes('tampered.tar', await ociArchive([tampered]));
    expect(opened.idVerified).toBe(true);
  });
});

describe('opening fails with one line that says what was found and what is accepted', () => {
  it('for an empty file, text, a root file system and another tar', async () => {
    const foreign = await notImages();
    const cases: [string, Uint8Array, RegExp][] = [
      ['zero', new Uint8Array(0), /is empty; accepted: /],
      ['text', foreign.text, /is not a saved image: it is text.*; accepted: /],
      ['rootfs', foreign.rootfs, /root filesystem.*without manifest\.json or index\.json; accepted: /],
      ['other', foreign.other, /a tar with \d+ members/],
    ];
    for (const [name, bytes, message] of cases) {
      const problem = await problemOf(() => openBytes(name, bytes));
      expect(problem.message).toMatch(message);
      expect(problem.exitStatus).toBe(3);
      expect(problem.message.split('\n')).toHaveLength(1);
    }
  });

  it('for bzip2, with a hint', async () => {
    const problem = await problemOf(() => openBytes('b.tar.bz2', bzip2Magic()));
    expect(problem.code).toBe('unsupported-compression');
    expect(problem.message).toContain('bunzip2');
  });

  it('for a missing file and a directory that is not a layout', async () => {
    const absent = await problemOf(() => openPath(path.join(folder, 'absent.tar')));
    expect(absent.message).toMatch(/absent\.tar: no such file or directory$/);
    const plainFolder = await mkdtemp(path.join(folder, 'plain-'));
    const noLayout = await problemOf(() => openPath(plainFolder));
    expect(noLayout.message).toContain('without oci-layout or manifest.json');
  });

  it('for an OCI directory without oci-layout, unless the format is named', async () => {
    const layout = path.join(folder, 'no-marker');
    await writeOciLayout([image], layout);
    await rm(path.join(layout, 'oci-layout'));
    const problem = await problemOf(() => openPath(layout));
    expect(problem.message).toContain(`oci:${layout}`);
    expect(chooseImage(await openPath(layout, { form: 'oci-layout' })).open().id).toBe(image.config.digest);
  });

  it('for an archive that ends before its manifest, with the offset', async () => {
    const problem = await problemOf(async () => openBytes('cut.tar', await truncatedArchive()));
    expect(problem.code).toBe('truncated');
    expect(problem.place.offset).toBeGreaterThan(0);
  });

  it.each(['manifest-json', 'manifest-shape', 'config-json', 'config-missing'] as const)(
    'for a docker-archive with broken documents: %s',
    async (kind) => {
      const problem = await problemOf(async () => openBytes(`${kind}.tar`, await brokenArchive(kind)));
      expect(problem.exitStatus).toBe(3);
      expect(problem.message).toContain(`${kind}.tar`);
    },
  );

  it('but not for a layer whose name points outside the archive, which counts as missing', async () => {
    const opened = await openBytes('climbing.tar', await brokenArchive('layer-outside'));
    expect(opened.layers.map((layer) => layer.blob)).toEqual([null, null]);
  });
});

it('does not follow a link out of a layout directory', async () => {
  const layout = path.join(folder, 'linked');
  await writeOciLayout([image], layout);
  const secret = await save('outside-secret', Buffer.from('{}'));
  const blob = path.join(layout, 'blobs', 'sha256', image.layers[0]!.blob.digest.slice('sha256:'.length));
  await rm(blob);
  await symlink(secret, blob);
  const opened = chooseImage(await openPath(layout)).open();
  expect(opened.layers[0]!.blob).toBeNull();
});

describe('links in the path of a blob', () => {
  const digest = (): string => image.layers[0]!.blob.digest.slice('sha256:'.length);
  let count = 0;

  /** Moves a part of a layout and replaces it with a link; `to` is a directory, relative to the layout. */
  async function withLinked(part: string, to: string): Promise<string> {
    const layout = path.join(folder, `linked-${count++}`, 'layout');
    await writeOciLayout([image], layout);
    const moved = path.join(layout, to, path.basename(part));
    await mkdir(path.dirname(moved), { recursive: true });
    await rename(path.join(layout, part), moved);
    await symlink(path.relative(path.dirname(path.join(layout, part)), moved), path.join(layout, part));
    return layout;
  }

  it.each(['blobs', 'blobs/sha256'])('are not followed out of the layout: %s', async (part) => {
    const archive = await openPath(await withLinked(part, '../outside'));
    expect(archive.choices.map(({ missing }) => missing)).toEqual([expect.stringContaining('is not stored')]);
    expect(archive.unreferenced()).toEqual([]);
  });

  it('are not followed if index.json is a link that points outside the layout', async () => {
    const layout = await withLinked('index.json', '../outside');
    expect((await problemOf(() => openPath(layout))).code).toBe('not-an-image');
  });

  it.each(['blobs', 'blobs/sha256'])('are followed inside the layout: %s', async (part) => {
    const opened = chooseImage(await openPath(await withLinked(part, 'inside'))).open();
    expect(opened.layers.every(({ blob }) => blob !== null)).toBe(true);
  });

  it('are followed if the user names a link as the layout', async () => {
    const layout = path.join(folder, 'plain-layout');
    await writeOciLayout([image], layout);
    const named = path.join(folder, 'link-to-layout');
    await symlink(layout, named);
    expect(chooseImage(await openPath(named)).open().layers[0]!.blob).not.toBeNull();
  });

  it('are not followed out of a skopeo dir: directory', async () => {
    const plain = path.join(folder, 'linked-dir');
    await writeDir(image, plain);
    await rm(path.join(plain, digest()));
    await symlink(await save('outside-layer', Buffer.from('x')), path.join(plain, digest()));
    expect(chooseImage(await openPath(plain)).open().layers[0]!.blob).toBeNull();
  });

  it('are not followed out of an unpacked docker-archive', async () => {
    const outside = path.join(folder, 'outside-docker');
    const unpacked = path.join(folder, 'unpacked-docker');
    const config = Buffer.from(image.config.bytes);
    await mkdir(outside);
    await mkdir(unpacked);
    await writeFile(path.join(outside, 'layer.tar'), 'x');
    await writeFile(path.join(unpacked, 'config.json'), config);
    await symlink('../outside-docker', path.join(unpacked, 'layer'));
    const layers = image.layers.map(() => 'layer/layer.tar');
    const manifest = [{ Config: 'config.json', RepoTags: [], Layers: layers }];
    await writeFile(path.join(unpacked, 'manifest.json'), JSON.stringify(manifest));
    const opened = chooseImage(await openPath(unpacked)).open();
    expect(opened.layers.every(({ blob }) => blob === null)).toBe(true);
  });
});
