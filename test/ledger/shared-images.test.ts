import { describe, expect, it } from 'vitest';
import { alignHistory, instructionOfLayer } from '../../src/history/align.ts';
import { diveFigures } from '../../src/ledger/dive.ts';
import { deletedPaths, findDeletedFiles } from '../../src/ledger/deleted-files.ts';
import { finalTree } from '../../src/ledger/final-tree.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { setuidTimeline } from '../../src/ledger/setuid.ts';
import { findWaste } from '../../src/ledger/waste.ts';
import { lineText, pathText } from '../ledger-of.ts';
import { sharedImage, stackedImage } from '../stacked.ts';

function paths(ledger: Ledger, ids: Iterable<number>): string[] {
  return Array.from(ids, (id) => pathText(ledger, id)).toSorted();
}

describe("dive's test image", () => {
  const DIVE = 'dive/test-docker-image.tar';

  it('yields exactly the figures that dive computes', async ({ skip }) => {
    const file = sharedImage(DIVE, skip);
    const { ledger } = await stackedImage(file);
    expect(diveFigures(ledger)).toEqual({
      efficiency: 0.9844212134184309,
      sizeBytes: 1220598,
      userSizeBytes: 66237,
      wastedBytes: 32025,
      userWastedPercent: 0.4834911001404049,
    });
  });

  it('wastes five copies of one file', async ({ skip }) => {
    const file = sharedImage(DIVE, skip);
    const { ledger } = await stackedImage(file);
    const waste = findWaste(ledger);
    expect(waste).toMatchObject({ bytes: 5 * 6405, total: 1220598 });
    expect(waste.byPath.map(({ path, bytes }) => `${pathText(ledger, path)} ${bytes}`)).toEqual([
      '/root/example/somefile1.txt 12810',
      '/root/example/somefile2.txt 6405',
      '/root/example/somefile3.txt 6405',
      '/root/saved.txt 6405',
    ]);
  });

  it('lists the files that rm -rf of a directory hid', async ({ skip }) => {
    const file = sharedImage(DIVE, skip);
    const { ledger } = await stackedImage(file);
    expect(paths(ledger, deletedPaths(ledger))).toEqual([
      '/root/example',
      '/root/example/really',
      '/root/example/really/nested',
      '/root/example/somefile1.txt',
      '/root/example/somefile2.txt',
      '/root/example/somefile3.txt',
    ]);
    expect(lineText(ledger, '/root/example/somefile2.txt')).toEqual(['5 added', '9 deleted']);
    const deletedFile = findDeletedFiles(ledger).deletedFiles.find(
      ({ path }) => pathText(ledger, path) === '/root/example/somefile2.txt',
    )!;
    expect(deletedFile).toMatchObject({ born: 5, gone: 9, how: 'whiteout', contentElsewhere: false });
    expect(pathText(ledger, deletedFile.via)).toBe('/root/example');
  });

  it('has an instruction for every layer', async ({ skip }) => {
    const file = sharedImage(DIVE, skip);
    const { image } = await stackedImage(file);
    const history = alignHistory(image.config.history, image.layers.length);
    expect(history.aligned).toBe(true);
    expect(instructionOfLayer(history, 2)).toBe('RUN mkdir -p /root/example/really/nested');
    expect(instructionOfLayer(history, 9)).toBe('RUN rm -rf /root/example/');
    expect(history.entries[1]).toMatchObject({ layer: null, instruction: 'CMD ["sh"]' });
  });
});

describe('an eStargz layer of BuildKit', () => {
  it('has its index after the end of the archive: reported, but not a file of the image', async ({
    skip,
  }) => {
    const { ledger, warnings } = await stackedImage(sharedImage('dive/test-oci-estargz-image.tar', skip));
    expect(
      paths(
        ledger,
        Array.from(finalTree(ledger), (event) => ledger.pathOf(event)),
      ),
    ).toEqual(['/README.md']);
    expect(warnings.map(({ message, offset }) => [message, offset])).toEqual([
      ['layer 0: an eStargz index (stargz.index.json) after the end of the archive', 12_800],
    ]);
  });
});

describe("dockle's test image", () => {
  const DOCKLE = 'dockle/symbolic.tar';

  it('had three setuid or setgid files, of which two are left', async ({ skip }) => {
    const file = sharedImage(DOCKLE, skip);
    const { ledger } = await stackedImage(file);
    const timeline = setuidTimeline(ledger);
    expect(timeline).toMatchObject({ ever: 3, final: 2, capabilities: { ever: 0, final: 0 } });
    const steps = timeline.paths.map(
      ({ path, steps: all }) =>
        `${pathText(ledger, path)}: ${all.map((step) => `${ledger.layerOf(step.event)} ${step.change}`).join(', ')}`,
    );
    expect(steps).toEqual([
      '/app/suid.txt: 3 set',
      '/app/gid.txt: 5 set',
      '/app/once-suid.txt: 7 set, 8 cleared',
    ]);
  });
});

describe("go-containerregistry's test image", () => {
  const tree = async (file: string): Promise<string[]> => {
    const { ledger } = await stackedImage(file);
    return paths(
      ledger,
      Array.from(finalTree(ledger), (event) => ledger.pathOf(event)),
    );
  };

  it('contains a deleted file', async ({ skip }) => {
    const file = sharedImage('go-containerregistry/mutate/whiteout_image.tar', skip);
    expect(await tree(file)).not.toContain('/foo');
  });

  it('contains a deleted directory that is added again', async ({ skip }) => {
    const file = sharedImage('go-containerregistry/mutate/whiteout_dir.tar', skip);
    const found = await tree(file);
    expect(found).toContain('/a/baz');
    expect(found).not.toContain('/a/foo');
  });

  it('contains a file that becomes a link', async ({ skip }) => {
    const file = sharedImage('go-containerregistry/mutate/overwritten_file.tar', skip);
    const { ledger } = await stackedImage(file);
    expect(findDeletedFiles(ledger).deletedFiles.map((deletedFile) => deletedFile.how)).toContain(
      'replacement',
    );
  });
});

describe('one image, saved by every engine', () => {
  const ENGINES = [
    'tiny.docker20.10.tar',
    'tiny.d26.tar',
    'tiny.d28.tar',
    'tiny.d28c.tar',
    'tiny.podman43.docker-archive.tar',
    'tiny.podman43.oci-archive.tar',
    'tiny.podman43-vfs.tar',
  ];
  it.for(ENGINES)('yields the same history from %s', async (engine, { skip }) => {
    const file = sharedImage(`engines/${engine}`, skip);
    const { ledger, image } = await stackedImage(file);
    const app = (ids: Iterable<number>): string[] =>
      paths(ledger, ids).filter((text) => text.startsWith('/app/'));
    expect(app(Array.from(finalTree(ledger), (event) => ledger.pathOf(event)))).toEqual([
      '/app/cache',
      '/app/cache/c',
      '/app/conf',
      '/app/conf2',
      '/app/conf3',
    ]);
    expect(app(deletedPaths(ledger))).toEqual([
      '/app/.env',
      '/app/cache/a',
      '/app/cache/sub',
      '/app/cache/sub/b',
    ]);
    expect(lineText(ledger, '/app/conf')).toEqual(['6 added', '7 modified']);
    expect(setuidTimeline(ledger).paths.map(({ path }) => pathText(ledger, path))).toContain('/usr/bin/su2');
    const history = alignHistory(image.config.history, image.layers.length);
    expect(history.aligned).toBe(true);
    expect(instructionOfLayer(history, 3)).toBe('RUN rm /app/.env');
  });
});
