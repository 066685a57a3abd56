import { describe, expect, it } from 'vitest';
import { dir, type FixtureEntry, file, hardlink, opaque, symlink, whiteout } from '../../fixtures/tar.ts';
import { countDeletedFiles, deletedPaths, findDeletedFiles } from '../../src/ledger/deleted-files.ts';
import { findWaste } from '../../src/ledger/waste.ts';
import { ledgerOf, pathText } from '../ledger-of.ts';

/** Returns each deleted file as `path born-gone how of via, size, state`. */
async function deletedFiles(...layers: FixtureEntry[][]): Promise<string[]> {
  const ledger = await ledgerOf(layers);
  return findDeletedFiles(ledger).deletedFiles.map(
    ({ path, born, gone, how, via, size, state, contentElsewhere }) =>
      `${pathText(ledger, path)} ${born}-${gone} ${how} of ${pathText(ledger, via)}, ${size} ${state}` +
      (contentElsewhere ? ', elsewhere too' : ''),
  );
}

describe('the list of deleted files', () => {
  it('includes files deleted by a whiteout of the path or of a directory above', async () => {
    expect(
      await deletedFiles([file('a', 'xx'), file('d/b', 'yyy')], [whiteout('a')], [whiteout('d')]),
    ).toEqual(['/a 0-1 whiteout of /a, 2 deleted', '/d/b 0-2 whiteout of /d, 3 deleted']);
  });

  it('includes files hidden by an opaque directory', async () => {
    expect(await deletedFiles([file('d/b', 'yyy')], [opaque('d')])).toEqual([
      '/d/b 0-1 opaque of /d, 3 deleted',
    ]);
  });

  it('includes files replaced by another type, at the path or above', async () => {
    expect(
      await deletedFiles(
        [dir('d'), file('d/b', 'y'), file('a', 'x')],
        [symlink('d', 'e'), symlink('a', 'e')],
      ),
    ).toEqual(['/d/b 0-1 replacement of /d, 1 deleted', '/a 0-1 replacement of /a, 1 shadowed']);
  });

  it('includes every earlier generation of an overwritten secret', async () => {
    expect(await deletedFiles([file('key', 'one')], [file('key', 'two')], [file('key', 'three')])).toEqual([
      '/key 0-1 overwritten of /key, 3 shadowed',
      '/key 1-2 overwritten of /key, 3 shadowed',
    ]);
  });

  it('includes a file that was added again later', async () => {
    expect(await deletedFiles([file('a', 'x')], [whiteout('a')], [file('a', 'y')])).toEqual([
      '/a 0-1 whiteout of /a, 1 shadowed',
    ]);
  });

  it('includes a member superseded in its own tar', async () => {
    expect(await deletedFiles([file('a', 'old'), file('a', 'new!')])).toEqual([
      '/a 0-0 duplicate of /a, 3 shadowed',
    ]);
  });

  it('marks a file if a newer generation has the same content', async () => {
    expect(
      await deletedFiles([file('a', 'x')], [file('a', 'x', { mode: 0o600 })], [file('a', 'x', { mtime: 1 })]),
    ).toEqual([
      '/a 0-1 overwritten of /a, 1 shadowed, elsewhere too',
      '/a 1-2 overwritten of /a, 1 shadowed, elsewhere too',
    ]);
  });

  it('marks a file if a hard link to it is live', async () => {
    expect(await deletedFiles([file('a', 'x'), hardlink('b', 'a')], [whiteout('a')])).toEqual([
      '/a 0-1 whiteout of /a, 1 deleted, elsewhere too',
    ]);
    expect(
      await deletedFiles([file('a', 'x'), hardlink('b', 'a')], [whiteout('a')], [whiteout('b')]),
    ).toEqual(['/a 0-1 whiteout of /a, 1 deleted']);
  });

  it('excludes links, directories and live files', async () => {
    expect(
      await deletedFiles([dir('d'), symlink('s', 'x'), file('a', 'x')], [whiteout('d'), whiteout('s')]),
    ).toEqual([]);
  });
});

it('counts paths of every type, bytes of files, and contents that exist nowhere else', async () => {
  const ledger = await ledgerOf([
    [dir('d'), file('d/a', 'xx'), file('b', 'yyy')],
    [file('d/a', 'xx', { mode: 0o600 })],
    [whiteout('d'), file('b', 'z')],
  ]);
  const { deletedFiles: _, ...totals } = findDeletedFiles(ledger);
  expect(countDeletedFiles(ledger)).toEqual(totals);
  expect(totals).toEqual({
    deletedPaths: 2,
    deletedBytes: 4,
    shadowedGenerations: 1,
    shadowedBytes: 3,
    lostContents: 2,
    lostBytes: 5,
  });
  expect(deletedPaths(ledger).map((path) => pathText(ledger, path))).toEqual(['/d', '/d/a']);
});

describe('wasted space', () => {
  it('is summed by the layer that added it and by path', async () => {
    const ledger = await ledgerOf([
      [file('a', 'xxxx'), file('b', 'yy'), file('live', 'z')],
      [file('a', 'xxxx', { mode: 0o600 })],
      [whiteout('a'), file('b', 'yyy')],
    ]);
    const waste = findWaste(ledger);
    expect(waste).toMatchObject({ bytes: 10, total: 14, byLayer: [6, 4, 0] });
    expect(
      waste.byPath.map(({ path, bytes, generations }) => [pathText(ledger, path), bytes, generations]),
    ).toEqual([
      ['/a', 8, 2],
      ['/b', 2, 1],
    ]);
  });

  it('includes members superseded in their own tar', async () => {
    expect(findWaste(await ledgerOf([[file('a', 'old'), file('a', 'x')]]))).toMatchObject({
      bytes: 3,
      byLayer: [3],
    });
  });

  it('excludes files with a live hard link, and hard links themselves', async () => {
    const kept = await ledgerOf([[file('a', 'xxxx'), hardlink('b', 'a')], [whiteout('a')]]);
    expect(findWaste(kept)).toMatchObject({ bytes: 0, total: 4 });
    const linked = await ledgerOf([[file('a', 'xxxx'), hardlink('b', 'a')], [whiteout('b')]]);
    expect(findWaste(linked)).toMatchObject({ bytes: 0, total: 4 });
  });
});
