import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dockerArchive, ociArchive } from '../../fixtures/forms.ts';
import { file } from '../../fixtures/tar.ts';
import { buildImage, type FixtureImage } from '../../fixtures/image.ts';
import { removeSpools } from '../../src/bytes/spool.ts';
import { readExtent } from '../../src/bytes/source.ts';
import { chooseImage } from '../../src/image/choose.ts';
import { type ArrivalOptions, ArrivingArchive } from '../../src/image/engines/arriving.ts';
import type { ImageArchive } from '../../src/image/image.ts';
import { openPath } from '../../src/image/open.ts';
import { EarlyScans } from '../../src/layer/early-scans.ts';
import { LayerPool } from '../../src/layer/pool.ts';
import { stackImage } from '../../src/ledger/stack.ts';
import type { StackedImage } from '../../src/ledger/stacked-image.ts';
import { Problem } from '../../src/problem.ts';
import { mountSmallDisk, SMALL_DISK } from './small-disk.ts';
import { smallImage } from './small-image.ts';

const usual = process.env['TMPDIR'];
let temporary = '';
let image: FixtureImage;

beforeEach(async () => {
  temporary = await mkdtemp(path.join(tmpdir(), 'arriving-test-'));
  process.env['TMPDIR'] = temporary;
  image = await smallImage('shop/app:2');
});

afterEach(async () => {
  removeSpools();
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  await rm(temporary, { recursive: true, force: true });
});

async function arrive(bytes: Uint8Array, piece: number, options: ArrivalOptions = {}): Promise<ImageArchive> {
  const arriving = new ArrivingArchive('the stream', options);
  for (let at = 0; at < bytes.length; at += piece) arriving.write(bytes.subarray(at, at + piece));
  arriving.end();
  return arriving.openImage();
}

/** Describes an archive without the place of its bytes. */
function facts(archive: ImageArchive): unknown {
  const opened = chooseImage(archive).open();
  return {
    id: opened.id,
    names: opened.names,
    form: opened.form,
    manifest: opened.manifestDigest,
    layers: opened.layers.map((layer) => [layer.diffId, layer.blob?.offset, layer.blob?.size]),
    unreferenced: archive.unreferenced().map(({ name }) => name),
    warnings: archive.warnings,
  };
}

function layerPaths({ ledger }: StackedImage): string[] {
  return ledger.layers.flatMap((entries, layer) =>
    Array.from(
      entries!.columns.path,
      (id) => `${layer} ${Buffer.from(ledger.paths.path(id)).toString('latin1')}`,
    ),
  );
}

describe('an archive that arrives as a stream', () => {
  it.each(['legacy', 'podman', 'hybrid', 'containerd'] as const)(
    'is the same as the %s file for pieces of any size',
    async (form) => {
      const bytes = await dockerArchive([image], { form });
      const saved = path.join(temporary, 'saved.tar');
      await writeFile(saved, bytes);
      const expected = facts(await openPath(saved));
      for (const piece of [bytes.length, 65_536, 1000, 3]) {
        expect(facts(await arrive(bytes, piece)), `${piece} bytes a piece`).toEqual(expected);
      }
    },
  );

  it.each(['layers-first', 'reversed'] as const)('is the same as an OCI archive, %s', async (order) => {
    const bytes = await ociArchive([image], { order });
    const opened = chooseImage(await arrive(bytes, 700)).open();
    expect(opened.id).toBe(image.config.digest);
    expect(opened.layers.every((layer) => layer.blob !== null)).toBe(true);
  });

  it('is written to a private file in a private directory', async () => {
    await arrive(await dockerArchive([image], { form: 'hybrid' }), 4096);
    const [folder] = await readdir(temporary);
    const inside = path.join(temporary, folder!);
    expect((await stat(inside)).mode & 0o777).toBe(0o700);
    expect((await stat(path.join(inside, 'archive.tar'))).mode & 0o777).toBe(0o600);
    removeSpools();
    expect(await readdir(temporary)).toEqual([]);
  });

  it.each(['legacy', 'podman', 'hybrid', 'containerd'] as const)(
    'reports each layer of the %s format when it is complete',
    async (form) => {
      const bytes = await dockerArchive([image], { form });
      const layers: string[] = [];
      const counts: number[] = [];
      const opened = chooseImage(
        await arrive(bytes, 512, {
          onLayer: ({ name, extent }) => {
            // The bytes can be read before the archive ends.
            expect(readExtent(extent)).toHaveLength(extent.size);
            layers.push(name);
          },
          onProgress: (progress) => counts.push(progress.layers),
        }),
      ).open();
      expect(new Set(layers)).toEqual(new Set(opened.layers.map((layer) => layer.storedAs)));
      expect(counts.at(-1)).toBe(2);
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    },
  );

  it.each(['legacy', 'podman', 'hybrid', 'containerd'] as const)(
    'has the layers of the %s format indexed before it ends, with the same result as from the file',
    async (form) => {
      const bytes = await dockerArchive([image], { form });
      const early = new EarlyScans({ digests: true, smallest: 0 });
      const indexed: Promise<unknown>[] = [];
      const arriving = new ArrivingArchive('the stream', {
        onLayer({ extent }) {
          early.begin(extent);
          indexed.push(early.poolFor(0, 'free').run({ kind: 'digest', extent }));
        },
      });
      try {
        arriving.write(bytes.subarray(0, bytes.length - 1024));
        await Promise.all(indexed);
        arriving.write(bytes.subarray(bytes.length - 1024));
        arriving.end();
        const opened = chooseImage(await arriving.openImage()).open();
        const taken = await stackImage(opened, { pool: new LayerPool(0), verify: 'never', early });
        const read = await stackImage(opened, { pool: new LayerPool(0), verify: 'now' });
        // Only the early index computes digests here.
        expect(taken.layers).toEqual(read.layers);
        expect(taken.layers.every((layer) => layer.verified.diffId)).toBe(true);
        expect(layerPaths(taken)).toEqual(layerPaths(read));
        expect(taken.warnings).toEqual(read.warnings);
      } finally {
        early.close();
      }
    },
  );

  it('is read at the end if it is compressed as a whole', async () => {
    const bytes = gzipSync(await dockerArchive([image], { form: 'podman' }));
    expect(chooseImage(await arrive(bytes, 5)).open().id).toBe(image.config.digest);
  });

  it('reports that it was cut short', async () => {
    const bytes = await dockerArchive([image], { form: 'hybrid' });
    const arriving = new ArrivingArchive('the stream');
    arriving.write(bytes.subarray(0, 3000));
    arriving.end();
    expect(arriving.cutShort).toBe(true);
    arriving.discard();
    expect(await readdir(temporary)).toEqual([]);
  });

  it('is rejected if it is empty', async () => {
    await expect(arrive(new Uint8Array(0), 1)).rejects.toThrow('the stream is empty');
    expect(await readdir(temporary)).toEqual([]);
  });
});

describe('an archive to keep', () => {
  it('is readable only by its owner', async () => {
    const keep = path.join(temporary, 'kept.tar');
    const bytes = await dockerArchive([image], { form: 'hybrid' });
    await arrive(bytes, 4096, { keep });
    removeSpools();
    expect(await readFile(keep)).toEqual(bytes);
    expect((await stat(keep)).mode & 0o777).toBe(0o600);
    expect(await readdir(temporary)).toEqual(['kept.tar']);
  });

  it('is removed when it is discarded, or when the program ends before it is complete', async () => {
    const keep = path.join(temporary, 'kept.tar');
    for (const end of [(one: ArrivingArchive) => one.discard(), () => removeSpools()]) {
      const arriving = new ArrivingArchive('the stream', { keep });
      arriving.write(Buffer.alloc(600));
      end(arriving);
      expect(await readdir(temporary)).toEqual([]);
    }
  });

  it('never overwrites another file', async () => {
    const keep = path.join(temporary, 'kept.tar');
    await writeFile(keep, 'mine');
    const arriving = new ArrivingArchive('the stream', { keep });
    expect(() => arriving.write(Buffer.alloc(600))).toThrow(/already exists/);
    expect(await readFile(keep, 'utf8')).toBe('mine');
  });
});

describe.skipIf(SMALL_DISK.skip)(`on a small disk${SMALL_DISK.reason}`, () => {
  it.each(['for temporary files', 'for what is kept'])(
    'reports a full disk and leaves no file: %s',
    async (where) => {
      const disk = mountSmallDisk(512)!;
      try {
        process.env['TMPDIR'] = disk.folder;
        const large = await buildImage({
          steps: [{ createdBy: 'big', entries: [file('big', 'x'.repeat(2 << 20))] }],
        });
        const keep = where === 'for what is kept' ? path.join(disk.folder, 'kept.tar') : null;
        const problem = await arrive(await dockerArchive([large], { form: 'podman' }), 65_536, { keep }).then(
          () => null,
          (error: unknown) => error,
        );
        expect(problem).toBeInstanceOf(Problem);
        expect((problem as Problem).code).toBe('disk-full');
        expect((problem as Problem).exitStatus).toBe(3);
        expect((problem as Problem).message).toMatch(
          /^no space left on the disk of \S+; the first 5\d\d kB of the stream were discarded; free some space/,
        );
        expect(await readdir(disk.folder)).toEqual([]);
      } finally {
        disk.remove();
      }
    },
  );
});
