import { describe, expect, it } from 'vitest';
import {
  device,
  dir,
  type FixtureEntry,
  file,
  hardlink,
  opaque,
  symlink,
  whiteout,
} from '../../fixtures/tar.ts';
import { changedNames } from '../../src/ledger/change.ts';
import { finalTree, treeAfter } from '../../src/ledger/final-tree.ts';
import { DeletedBy, type Ledger } from '../../src/ledger/ledger.ts';
import { changeName, ledgerOf, lineText, pathId, pathText } from '../ledger-of.ts';

const HOW = Object.fromEntries(Object.entries(DeletedBy).map(([name, number]) => [number, name]));

/** What a layer did, in the tar's order: `added /a`, `deleted /a by whiteout of /`. */
function changes(ledger: Ledger, layer: number): string[] {
  const [start, end] = ledger.eventsOf(layer);
  return Array.from({ length: end - start }, (_, i) => {
    const event = start + i;
    const text = `${changeName(ledger, event)} ${pathText(ledger, ledger.pathOf(event))}`;
    if (!ledger.isDeletion(event)) return text;
    const { by, via } = ledger.deletion(event);
    return `${text} by ${HOW[by]} of ${pathText(ledger, via)}`;
  });
}

function tree(ledger: Ledger, layer = ledger.layers.length - 1): string[] {
  return Array.from(treeAfter(ledger, layer), (event) => pathText(ledger, ledger.pathOf(event))).toSorted();
}

/** How the second of two layers is told to have changed what the first has. */
async function changeOf(before: FixtureEntry, after: FixtureEntry): Promise<string> {
  const ledger = await ledgerOf([[before], [after]]);
  const event = ledger.eventsOf(1)[0];
  return `${changeName(ledger, event)} ${changedNames(ledger.changed(event)).join()}`.trim();
}

describe('changes of one path', () => {
  it.each([
    ['content', file('a', 'x'), file('a', 'y'), 'modified content'],
    ['content of another size', file('a', 'x'), file('a', 'xx'), 'modified content'],
    ['mode', file('a', 'x'), file('a', 'x', { mode: 0o600 }), 'metadata mode'],
    ['content and mode', file('a', 'x'), file('a', 'y', { mode: 0o600 }), 'modified content,mode'],
    ['owner', file('a', 'x'), file('a', 'x', { gid: 5 }), 'metadata owner'],
    ['xattrs', file('a', 'x'), file('a', 'x', { xattrs: { 'user.a': Buffer.of(0) } }), 'metadata xattrs'],
    ['mtime alone', file('a', 'x', { mtime: 1 }), file('a', 'x', { mtime: 2 }), 'unchanged mtime'],
    ['nothing', file('a', 'x'), file('a', 'x'), 'unchanged'],
    ['link target', symlink('a', 'x'), symlink('a', 'y'), 'modified target'],
    ["a symlink's mode", symlink('a', 'x'), symlink('a', 'x', { mode: 0o700 }), 'unchanged'],
    ['device number', device('a', 'block', 1, 2), device('a', 'block', 1, 3), 'modified device'],
    ['kind of device', device('a', 'block', 1, 2), device('a', 'character', 1, 2), 'replaced type'],
    ['file to symlink', file('a', 'x', { mode: 0o777 }), symlink('a', 'x'), 'replaced type'],
    ['folder to symlink', dir('a', { mode: 0o777 }), symlink('a', 'x'), 'replaced type'],
    ['a folder with new metadata', dir('a'), dir('a', { mode: 0o700, mtime: 1 }), 'metadata mode,mtime'],
    ['a folder above a change', dir('a'), dir('a', { mtime: 1 }), 'unchanged mtime'],
  ])('%s', async (_, before, after, change) => {
    expect(await changeOf(before, after)).toBe(change);
  });

  it('is added again after a deletion, whatever its content', async () => {
    const ledger = await ledgerOf([[file('a', 'x')], [whiteout('a')], [file('a', 'x')]]);
    expect(lineText(ledger, '/a')).toEqual(['0 added', '1 deleted', '2 readded']);
  });

  it('is not told before contents of one size are compared', async () => {
    const ledger = await ledgerOf([[file('a', 'x')], [file('a', 'x')]], false);
    expect(ledger.unverified).toEqual([
      { layer: 0, entry: 0 },
      { layer: 1, entry: 0 },
    ]);
    const empty = await ledgerOf([[file('a')], [file('a')]], false);
    expect(empty.unverified).toEqual([]);
  });
});

describe('whiteouts', () => {
  it('hide the path and all below it, in lower layers', async () => {
    const ledger = await ledgerOf([[dir('a'), file('a/b', 'x'), file('ab', 'y')], [whiteout('a')]]);
    expect(changes(ledger, 1)).toEqual(['deleted /a by whiteout of /a', 'deleted /a/b by whiteout of /a']);
    expect(tree(ledger)).toEqual(['/ab']);
    expect(tree(ledger, 0)).toEqual(['/a', '/a/b', '/ab']);
  });

  it.each([
    ['before', [whiteout('a'), dir('a'), file('a/new', 'x')]],
    ['behind', [dir('a'), file('a/new', 'x'), whiteout('a')]],
  ])('do not hide what their own layer adds, when the marker stands %s it', async (_, layer) => {
    const ledger = await ledgerOf([[dir('a'), file('a/old', 'x')], layer]);
    expect(tree(ledger)).toEqual(['/a', '/a/new']);
    expect(changes(ledger, 1)).toEqual(['unchanged /a', 'added /a/new', 'deleted /a/old by whiteout of /a']);
  });

  it('leave a folder that the layer puts something into, even with no entry of its own', async () => {
    const ledger = await ledgerOf([
      [dir('a'), file('a/old')],
      [whiteout('a'), file('a/new')],
    ]);
    expect(tree(ledger)).toEqual(['/a', '/a/new']);
  });

  it('take away a file where the layer makes a folder of that name', async () => {
    const ledger = await ledgerOf([[file('a')], [whiteout('a'), file('a/new')]]);
    expect(changes(ledger, 1)).toEqual(['added /a/new', 'deleted /a by whiteout of /a']);
  });

  it('hide what lies in a folder that no layer has an entry for', async () => {
    const ledger = await ledgerOf([[file('a/b/c')], [whiteout('a')]]);
    expect(changes(ledger, 1)).toEqual(['deleted /a/b/c by whiteout of /a']);
  });

  it('of what no lower layer has hide nothing, and are noted', async () => {
    const ledger = await ledgerOf([[file('a')], [whiteout('b')]]);
    expect(changes(ledger, 1)).toEqual([]);
    expect(ledger.notes).toEqual([{ code: 'whiteout-of-nothing', layer: 1, path: pathId(ledger, '/b') }]);
  });

  it('of what is deleted already hide nothing', async () => {
    const ledger = await ledgerOf([[file('a')], [whiteout('a')], [whiteout('a')]]);
    expect(lineText(ledger, '/a')).toEqual(['0 added', '1 deleted']);
    expect(ledger.notes).toEqual([]);
  });

  it('are told by the last segment alone', async () => {
    const ledger = await ledgerOf([
      [file('y'), file('a')],
      [file('xwh.y'), dir('.white'), file('.white/y'), dir('.wh.dir'), file('.wh.dir/a')],
    ]);
    expect(tree(ledger)).toEqual(['/.wh.dir/a', '/.white', '/.white/y', '/a', '/xwh.y', '/y']);
  });

  it('of aufs itself hide nothing', async () => {
    const ledger = await ledgerOf([
      [file('.aufs'), file('plnk'), file('orph')],
      [file('.wh..wh.aufs'), dir('.wh..wh.plnk'), file('.wh..wh.orph')],
    ]);
    expect(changes(ledger, 1)).toEqual([]);
  });

  it('get the blame once, where several cover a path', async () => {
    const ledger = await ledgerOf([
      [dir('a'), dir('a/b'), file('a/b/c')],
      [whiteout('a/b'), opaque('a'), whiteout('a'), whiteout('a')],
    ]);
    expect(changes(ledger, 1)).toEqual([
      'deleted /a by whiteout of /a',
      'deleted /a/b by whiteout of /a/b',
      'deleted /a/b/c by whiteout of /a/b',
    ]);
  });
});

describe('opaque folders', () => {
  it.each([
    ['before', [opaque('a'), dir('a'), file('a/new')]],
    ['behind', [dir('a'), file('a/new'), opaque('a')]],
  ])('hide what lower layers put in, when the marker stands %s what the layer adds', async (_, layer) => {
    const ledger = await ledgerOf([[dir('a'), dir('a/b'), file('a/b/c'), file('b')], layer]);
    expect(tree(ledger)).toEqual(['/a', '/a/new', '/b']);
    expect(lineText(ledger, '/a')).toEqual(['0 added', '1 unchanged']);
    expect(changes(ledger, 1)).toContain('deleted /a/b/c by opaque of /a');
  });

  it('compare what is written again with what was there', async () => {
    const ledger = await ledgerOf([[file('a/b', 'x')], [opaque('a'), file('a/b', 'y')]]);
    expect(lineText(ledger, '/a/b')).toEqual(['0 added', '1 modified']);
  });

  it('may be the root', async () => {
    const ledger = await ledgerOf([
      [file('a'), dir('b'), file('b/c')],
      [opaque(''), file('d')],
    ]);
    expect(tree(ledger)).toEqual(['/d']);
  });
});

describe('an entry of another type', () => {
  it('hides the whole folder that it replaces, without a whiteout', async () => {
    const ledger = await ledgerOf([[dir('a'), dir('a/b'), file('a/b/c')], [symlink('a', 'b')]]);
    expect(changes(ledger, 1)).toEqual([
      'replaced /a',
      'deleted /a/b by replacement of /a',
      'deleted /a/b/c by replacement of /a',
    ]);
    expect(tree(ledger)).toEqual(['/a']);
  });

  it('replaces a link where it is a folder', async () => {
    const ledger = await ledgerOf([[symlink('a', 'b')], [dir('a'), file('a/c')]]);
    expect(changes(ledger, 1)).toEqual(['replaced /a', 'added /a/c']);
  });

  it('is implied where something lies below a file; a link is left to the engines', async () => {
    const ledger = await ledgerOf([
      [file('a'), symlink('l', 'b')],
      [file('a/x/y'), file('l/y')],
    ]);
    expect(changes(ledger, 1)).toEqual(['added /a/x/y', 'added /l/y', 'deleted /a by replacement of /a']);
    expect(tree(ledger)).toEqual(['/a/x/y', '/l', '/l/y']);
    expect(ledger.notes.map(({ code, path }) => `${code} ${pathText(ledger, path)}`)).toEqual([
      'parent-not-a-directory /a',
      'parent-not-a-directory /l',
    ]);
  });

  it('merges folder with folder', async () => {
    const ledger = await ledgerOf([
      [dir('a'), file('a/b')],
      [dir('a', { mode: 0o700 }), file('a/c')],
    ]);
    expect(tree(ledger)).toEqual(['/a', '/a/b', '/a/c']);
    const event = ledger.lastEvent(pathId(ledger, '/a'));
    expect(ledger.layers[1]!.columns.mode[ledger.entryOf(event)]).toBe(0o700);
  });
});

describe('hard links', () => {
  it('compare as the file that they name', async () => {
    const ledger = await ledgerOf([
      [file('a', 'x'), file('b', 'x')],
      [file('a', 'x'), hardlink('b', 'a')],
    ]);
    expect(changes(ledger, 1)).toEqual(['unchanged /a', 'unchanged /b']);
  });

  it('keep their content when the file that they name is changed in a layer above', async () => {
    const ledger = await ledgerOf([[file('a', 'x'), hardlink('b', 'a')], [file('a', 'y')], [file('b', 'x')]]);
    expect(changes(ledger, 1)).toEqual(['modified /a']);
    expect(changes(ledger, 2)).toEqual(['unchanged /b']);
  });

  it('may name other hard links, and paths with ./', async () => {
    const ledger = await ledgerOf([[file('a', 'x'), hardlink('b', './a'), hardlink('c', 'b')]]);
    expect(ledger.placeOf(ledger.lastEvent(pathId(ledger, '/c')))).toEqual({ layer: 0, entry: 0 });
  });

  it('of two members of one path name the one that stands before them', async () => {
    const ledger = await ledgerOf([[file('a', 'old'), hardlink('b', 'a'), file('a', 'new')]]);
    expect(ledger.placeOf(ledger.lastEvent(pathId(ledger, '/b')))).toEqual({ layer: 0, entry: 0 });
    expect(ledger.placeOf(ledger.lastEvent(pathId(ledger, '/a')))).toEqual({ layer: 0, entry: 2 });
  });

  it('to a lower layer, to nothing, to a folder and to themselves are noted', async () => {
    const ledger = await ledgerOf([
      [file('a', 'x'), dir('d')],
      [hardlink('b', 'a'), hardlink('c', 'gone'), hardlink('e', 'd'), hardlink('f', 'f')],
    ]);
    expect(ledger.notes.map(({ code, path }) => `${code} ${pathText(ledger, path)}`)).toEqual([
      'hardlink-below /b',
      'hardlink-dangling /c',
      'hardlink-dangling /e',
      'hardlink-dangling /f',
    ]);
    expect(ledger.placeOf(ledger.lastEvent(pathId(ledger, '/b')))).toEqual({ layer: 0, entry: 0 });
  });

  it('that name nothing differ by what they would name', async () => {
    expect(await changeOf(hardlink('a', 'x'), hardlink('a', 'y'))).toBe('modified target');
  });
});

describe('several members of one path in one tar', () => {
  it('count as the last; the others are kept as evidence', async () => {
    const ledger = await ledgerOf([[file('a', 'x')], [file('a', 'y'), file('a', 'zz'), file('a', 'x')]]);
    expect(lineText(ledger, '/a')).toEqual(['0 added', '1 unchanged']);
    expect(ledger.superseded.map(({ layer, entry }) => [layer, entry])).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });

  it('are the same path however they are written', async () => {
    const ledger = await ledgerOf([
      [file('a/b'), file('./a/b'), file('/a/b'), file('a//b'), file('a/c/../b'), file('../a/b')],
    ]);
    expect(tree(ledger)).toEqual(['/a/b']);
    expect(ledger.superseded).toHaveLength(5);
  });
});

it('keeps names that are not UTF-8 apart', async () => {
  const ledger = await ledgerOf([[file(Buffer.of(0x61, 0xff)), file(Buffer.of(0x61, 0xfe))]]);
  expect(finalTree(ledger)).toHaveLength(2);
});

it('passes over a layer that is missing', async () => {
  const ledger = await ledgerOf([[file('a', 'x')], null, [whiteout('a')]]);
  expect(lineText(ledger, '/a')).toEqual(['0 added', '2 deleted']);
  expect(changes(ledger, 1)).toEqual([]);
});

it('tells the state that each generation has come to', async () => {
  const ledger = await ledgerOf([
    [file('a', 'x'), file('b', 'x')],
    [file('a', 'y'), whiteout('b')],
  ]);
  const states = (path: string): string[] =>
    ledger.line(pathId(ledger, path)).map((event) => ledger.state(event));
  expect(states('/a')).toEqual(['shadowed', 'live']);
  expect(states('/b')).toEqual(['deleted', 'deleted']);
});
