import { describe, expect, it } from 'vitest';
import { dir, type FixtureEntry, file, hardlink, opaque, symlink, whiteout } from '../../fixtures/tar.ts';
import { ROOT } from '../../src/layer/path-table.ts';
import { finalTree } from '../../src/ledger/final-tree.ts';
import { findDeletedFiles, deletedLinkNames } from '../../src/ledger/deleted-files.ts';
import { otherLiveNames, seenAfter } from '../../src/ledger/link-groups.ts';
import { resolveContent } from '../../src/ledger/resolve.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { findWaste } from '../../src/ledger/waste.ts';
import { ENTRY_TYPE_NAMES } from '../../src/tar/member.ts';
import { readColumns } from '../../src/tui/tree/read-columns.ts';
import { seenAt } from '../../src/tui/tree/seen.ts';
import { ledgerOf, pathId, pathText } from '../ledger-of.ts';

/** How each surface describes an image; all must agree. */
interface Surfaces {
  /** The final tree without directories: `/b file 4`, `/c hardlink 0 > b`. */
  readonly final: readonly string[];
  /** Bytes in the final tree, and bytes that no live name has, as the tree and `waste` count them. */
  readonly live: number;
  readonly wasted: number;
  /** Deleted names as the view of deleted files lists them: `/a 4`, `/a live as /b`. */
  readonly deleted: readonly string[];
}

async function surfaces(...layers: FixtureEntry[][]): Promise<Surfaces> {
  const ledger = await ledgerOf(layers);
  const top = layers.length - 1;
  const tree = readColumns(ledger, { kind: 'final' });
  const final = Array.from(finalTree(ledger), (event) => {
    const seen = seenAfter(ledger, event, top);
    const path = ledger.pathOf(event);
    expect(seenAt(tree, path)).toEqual(seen);
    if (seen.type === 0 || seen.type === 3) expectContent(ledger, event);
    const link = seen.link === null ? '' : ` > ${Buffer.from(seen.link).toString()}`;
    return `${pathText(ledger, path)} ${ENTRY_TYPE_NAMES[seen.type]} ${seen.size}${link}`;
  });
  const waste = findWaste(ledger);
  const live = waste.total - waste.bytes;
  expect(tree.size[ROOT]).toBe(live);
  expect(tree.lost[ROOT]).toBe(0);
  const { deletedFiles, lostBytes } = findDeletedFiles(ledger);
  expect(lostBytes).toBe(waste.bytes);
  return {
    final: final.filter((line) => !line.includes(' directory ')).toSorted(),
    live,
    wasted: waste.bytes,
    deleted: [...deletedFiles, ...deletedLinkNames(ledger)]
      .map(({ isLink, liveAs, path, size }) => {
        const name = liveAs[0] === undefined ? null : pathText(ledger, ledger.pathOf(liveAs[0]));
        return `${pathText(ledger, path)} ${name === null ? (isLink ? 'link' : size) : `live as ${name}`}`;
      })
      .toSorted(),
  };
}

/** The content that a live name leads to, as `cat` and the preview request it. */
function expectContent(ledger: Ledger, event: number): void {
  const resolution = resolveContent(ledger, event);
  const path = ledger.pathOf(event);
  expect(resolution).toEqual({ kind: 'file', place: { ...ledger.placeOf(event), path } });
}

const NAMES = [file('a', 'four'), hardlink('b', 'a'), hardlink('c', 'a')];

describe('the final tree of a file with three names', () => {
  it('shows the name of the stored member as the file', async () => {
    expect(await surfaces(NAMES)).toEqual({
      final: ['/a file 4', '/b hardlink 0 > a', '/c hardlink 0 > a'],
      live: 4,
      wasted: 0,
      deleted: [],
    });
  });

  it('shows the first link as the file once the original name is deleted', async () => {
    expect(await surfaces(NAMES, [whiteout('a')])).toEqual({
      final: ['/b file 4', '/c hardlink 0 > b'],
      live: 4,
      wasted: 0,
      deleted: ['/a live as /b'],
    });
  });

  it('keeps the file when a link is deleted', async () => {
    expect(await surfaces(NAMES, [whiteout('b')])).toEqual({
      final: ['/a file 4', '/c hardlink 0 > a'],
      live: 4,
      wasted: 0,
      deleted: ['/b live as /a'],
    });
  });

  it('counts the bytes as wasted once when all names are deleted', async () => {
    expect(await surfaces(NAMES, [whiteout('a'), whiteout('b')], [whiteout('c')])).toEqual({
      final: [],
      live: 0,
      wasted: 4,
      deleted: ['/a 4', '/b link', '/c link'],
    });
  });

  it('shows the last remaining name as the file', async () => {
    expect(await surfaces(NAMES, [whiteout('a')], [whiteout('b')])).toMatchObject({
      final: ['/c file 4'],
      wasted: 0,
      deleted: ['/a live as /c', '/b live as /c'],
    });
  });
});

describe('a file with hard links', () => {
  it('survives the deletion of the directory with its first name', async () => {
    const layer = [dir('d'), file('d/a', 'four'), hardlink('b', 'd/a')];
    const expected = { final: ['/b file 4'], live: 4, wasted: 0, deleted: ['/d/a live as /b'] };
    expect(await surfaces(layer, [whiteout('d')])).toEqual(expected);
    expect(await surfaces(layer, [dir('d'), opaque('d')])).toEqual(expected);
    expect(await surfaces(layer, [symlink('d', 'b')])).toMatchObject({ live: 4, wasted: 0 });
  });

  it('keeps its content under the other names when one is overwritten', async () => {
    expect(await surfaces(NAMES, [file('a', 'newer')])).toEqual({
      final: ['/a file 5', '/b file 4', '/c hardlink 0 > b'],
      live: 9,
      wasted: 0,
      deleted: ['/a live as /b'],
    });
  });

  it('gets another name from an upper layer that links to it', async () => {
    expect(await surfaces([file('a', 'four')], [hardlink('b', 'a')])).toMatchObject({
      final: ['/a file 4', '/b hardlink 0 > a'],
      live: 4,
    });
    expect(await surfaces([file('a', 'four')], [hardlink('b', 'a'), whiteout('a')])).toMatchObject({
      final: ['/b file 4'],
      deleted: ['/a live as /b'],
    });
  });

  it('may be named by links to links, and by links that come before it in the tar', async () => {
    const chain = [hardlink('early', 'a'), file('a', 'four'), hardlink('b', 'a'), hardlink('c', 'b')];
    expect(await surfaces(chain)).toMatchObject({
      final: ['/a file 4', '/b hardlink 0 > a', '/c hardlink 0 > a', '/early hardlink 0 > a'],
    });
    expect(await surfaces(chain, [whiteout('a')])).toMatchObject({
      final: ['/b hardlink 0 > early', '/c hardlink 0 > early', '/early file 4'],
    });
  });

  it('has the older content if its own name was written twice in one tar', async () => {
    expect(await surfaces([file('a', 'four'), hardlink('b', 'a'), file('a', 'newer')])).toEqual({
      final: ['/a file 5', '/b file 4'],
      live: 9,
      wasted: 0,
      deleted: ['/a live as /b'],
    });
  });

  it('may be a symbolic link', async () => {
    const layer = [file('t', 'x'), symlink('a', 't'), hardlink('b', 'a')];
    const lines = async (...layers: FixtureEntry[][]): Promise<string[]> => {
      const ledger = await ledgerOf(layers);
      return Array.from(finalTree(ledger), (event) => {
        const { link, type } = seenAfter(ledger, event, layers.length - 1);
        return `${pathText(ledger, ledger.pathOf(event))} ${ENTRY_TYPE_NAMES[type]} ${Buffer.from(link ?? '').toString()}`;
      });
    };
    expect(await lines(layer)).toEqual(['/t file ', '/a symlink t', '/b hardlink a']);
    expect(await lines(layer, [whiteout('a')])).toEqual(['/t file ', '/b symlink t']);
  });
});

it('keeps a dangling hard link as it is', async () => {
  const ledger = await ledgerOf([[hardlink('b', 'gone')]]);
  const { link, size, type } = seenAfter(ledger, 0, 0);
  expect([ENTRY_TYPE_NAMES[type], size, Buffer.from(link!).toString()]).toEqual(['hardlink', 0, 'gone']);
});

it('lists the other live names of a file, even for a deleted name', async () => {
  const ledger = await ledgerOf([NAMES, [whiteout('a'), file('c', 'new')]]);
  const namesOf = (path: string, event = ledger.lastEvent(pathId(ledger, path))): string[] =>
    otherLiveNames(ledger, ledger.entryEvent(event)).map((id) => pathText(ledger, id));
  expect(namesOf('/a')).toEqual(['/b']);
  expect(namesOf('/b')).toEqual([]);
  expect(namesOf('/c')).toEqual([]);
  expect(namesOf('/c', ledger.line(pathId(ledger, '/c'))[0])).toEqual(['/b']);
});
