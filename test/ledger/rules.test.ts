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

/** Returns the changes of a layer, in the tar's order: `added /a`, `deleted /a by whiteout of /`. */
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

/** Returns how the second of two layers changed what the first has. */
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
    ['directory to symlink', dir('a', { mode: 0o777 }), symlink('a', 'x'), 'replaced type'],
    ['a directory with new metadata', dir('a'), dir('a', { mode: 0o700, mtime: 1 }), 'metadata mode,mtime'],
    ['a directory above a change', dir('a'), dir('a', { mtime: 1 }), 'unchanged mtime'],
  ])('classifies %s', async (_, before, after, change) => {
    expect(await changeOf(before, after)).toBe(change);
  });

  it('reports a path as readded after a deletion, whatever its content', async () => {
    const ledger = await ledgerOf([[file('a', 'x')], [whiteout('a')], [file('a', 'x')]]);
    expect(lineText(ledger, '/a')).toEqual(['0 added', '1 deleted', '2 readded']);
  });

  it('leaves the change open until contents of the same size are compared', async () => {
    const ledger = await ledgerOf([[file('a', 'x')], [file('a', 'x')]], false);
    expect(ledger.unverified).toEqual([
      { layer: 0, entry: 0 },
      { layer: 1, entry: 0 },
    ]);
    const empty = await ledgerOf([[file('a')], [file('a')]], false);
    expect(empty.unverified).toEqual([]);
  });
});

describe('a whiteout', () => {
  it('hides the path and everything below it in lower layers', async () => {
    const ledger = await ledgerOf([[dir('a'), file('a/b', 'x'), file('ab', 'y')], [whiteout('a')]]);
    expect(changes(ledger, 1)).toEqual(['deleted /a by whiteout of /a', 'deleted /a/b by whiteout of /a']);
    expect(tree(ledger)).toEqual(['/ab']);
    expect(tree(ledger, 0)).toEqual(['/a', '/a/b', '/ab']);
  });

  it.each([
    ['before', [whiteout('a'), dir('a'), file('a/new', 'x')]],
    ['after', [dir('a'), file('a/new', 'x'), whiteout('a')]],
  ])('does not hide additions of its own layer when it comes %s them', async (_, layer) => {
    const ledger = await ledgerOf([[dir('a'), file('a/old', 'x')], layer]);
    expect(tree(ledger)).toEqual(['/a', '/a/new']);
    expect(changes(ledger, 1)).toEqual(['unchanged /a', 'added /a/new', 'deleted /a/old by whiteout of /a']);
  });

  it('keeps a directory that its layer puts something into, even without an entry for it', async () => {
    const ledger = await ledgerOf([
      [dir('a'), file('a/old')],
      [whiteout('a'), file('a/new')],
    ]);
    expect(tree(ledger)).toEqual(['/a', '/a/new']);
  });

  it('deletes a file if its layer adds a directory of that name', async () => {
    const ledger = await ledgerOf([[file('a')], [whiteout('a'), file('a/new')]]);
    expect(changes(ledger, 1)).toEqual(['added /a/new', 'deleted /a by whiteout of /a']);
  });

  it('hides the content of a directory that no layer has an entry for', async () => {
    const ledger = await ledgerOf([[file('a/b/c')], [whiteout('a')]]);
    expect(changes(ledger, 1)).toEqual(['deleted /a/b/c by whiteout of /a']);
  });

  it('hides nothing and is noted if no lower layer has the path', async () => {
    const ledger = await ledgerOf([[file('a')], [whiteout('b')]]);
    expect(changes(ledger, 1)).toEqual([]);
    expect(ledger.notes).toEqual([{ code: 'whiteout-of-nothing', layer: 1, path: pathId(ledger, '/b') }]);
  });

  it('hides nothing if the path is already deleted', async () => {
    const ledger = await ledgerOf([[file('a')], [whiteout('a')], [whiteout('a')]]);
    expect(lineText(ledger, '/a')).toEqual(['0 added', '1 deleted']);
    expect(ledger.notes).toEqual([]);
  });

  it('is recognized by the last segment alone', async () => {
    const ledger = await ledgerOf([
      [file('y'), file('a')],
      [file('xwh.y'), dir('.white'), file('.white/y'), dir('.wh.dir'), file('.wh.dir/a')],
    ]);
    expect(tree(ledger)).toEqual(['/.wh.dir/a', '/.white', '/.white/y', '/a', '/xwh.y', '/y']);
  });

  it('hides nothing if it is internal to aufs', async () => {
    const ledger = await ledgerOf([
      [file('.aufs'), file('plnk'), file('orph')],
      [file('.wh..wh.aufs'), dir('.wh..wh.plnk'), file('.wh..wh.orph')],
    ]);
    expect(changes(ledger, 1)).toEqual([]);
  });

  it('is the only one to which a deletion is attributed, even if several cover the path', async () => {
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

describe('an opaque directory', () => {
  it.each([
    ['before', [opaque('a'), dir('a'), file('a/new')]],
    ['after', [dir('a'), file('a/new'), opaque('a')]],
  ])('hides the content of lower layers when its marker comes %s the additions', async (_, layer) => {
    const ledger = await ledgerOf([[dir('a'), dir('a/b'), file('a/b/c'), file('b')], layer]);
    expect(tree(ledger)).toEqual(['/a', '/a/new', '/b']);
    expect(lineText(ledger, '/a')).toEqual(['0 added', '1 unchanged']);
    expect(changes(ledger, 1)).toContain('deleted /a/b/c by opaque of /a');
  });

  it('compares a rewritten file with the earlier one', async () => {
    const ledger = await ledgerOf([[file('a/b', 'x')], [opaque('a'), file('a/b', 'y')]]);
    expect(lineText(ledger, '/a/b')).toEqual(['0 added', '1 modified']);
  });

  it('can be the root', async () => {
    const ledger = await ledgerOf([
      [file('a'), dir('b'), file('b/c')],
      [opaque(''), file('d')],
    ]);
    expect(tree(ledger)).toEqual(['/d']);
  });
});

describe('an entry of another type', () => {
  it('hides the whole directory that it replaces, without a whiteout', async () => {
    const ledger = await ledgerOf([[dir('a'), dir('a/b'), file('a/b/c')], [symlink('a', 'b')]]);
    expect(changes(ledger, 1)).toEqual([
      'replaced /a',
      'deleted /a/b by replacement of /a',
      'deleted /a/b/c by replacement of /a',
    ]);
    expect(tree(ledger)).toEqual(['/a']);
  });

  it('replaces a link with a directory', async () => {
    const ledger = await ledgerOf([[symlink('a', 'b')], [dir('a'), file('a/c')]]);
    expect(changes(ledger, 1)).toEqual(['replaced /a', 'added /a/c']);
  });

  it('replaces a file that gets an entry below it, but not a link', async () => {
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

  it('merges a directory with a directory', async () => {
    const ledger = await ledgerOf([
      [dir('a'), file('a/b')],
      [dir('a', { mode: 0o700 }), file('a/c')],
    ]);
    expect(tree(ledger)).toEqual(['/a', '/a/b', '/a/c']);
    const event = ledger.lastEvent(pathId(ledger, '/a'));
    expect(ledger.layers[1]!.columns.mode[ledger.entryOf(event)]).toBe(0o700);
  });
});

describe('a hard link', () => {
  it('is compared as the file that it names', async () => {
    const ledger = await ledgerOf([
      [file('a', 'x'), file('b', 'x')],
      [file('a', 'x'), hardlink('b', 'a')],
    ]);
    expect(changes(ledger, 1)).toEqual(['unchanged /a', 'unchanged /b']);
  });

  it('keeps its content when a higher layer changes the file that it names', async () => {
    const ledger = await ledgerOf([[file('a', 'x'), hardlink('b', 'a')], [file('a', 'y')], [file('b', 'x')]]);
    expect(changes(ledger, 1)).toEqual(['modified /a']);
    expect(changes(ledger, 2)).toEqual(['unchanged /b']);
  });

  it('can name another hard link, or a path with ./', async () => {
    const ledger = await ledgerOf([[file('a', 'x'), hardlink('b', './a'), hardlink('c', 'b')]]);
    expect(ledger.placeOf(ledger.lastEvent(pathId(ledger, '/c')))).toEqual({ layer: 0, entry: 0 });
  });

  it('names the last member of a path that comes before it', async () => {
    const ledger = await ledgerOf([[file('a', 'old'), hardlink('b', 'a'), file('a', 'new')]]);
    expect(ledger.placeOf(ledger.lastEvent(pathId(ledger, '/b')))).toEqual({ layer: 0, entry: 0 });
    expect(ledger.placeOf(ledger.lastEvent(pathId(ledger, '/a')))).toEqual({ layer: 0, entry: 2 });
  });

  it('is noted if it names a file of a lower layer, nothing, a directory or itself', async () => {
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

  it('differs by its target if it is dangling', async () => {
    expect(await changeOf(hardlink('a', 'x'), hardlink('a', 'y'))).toBe('modified target');
  });
});

describe('several members of one path in one tar', () => {
  it('counts only the last one, and keeps the others as evidence', async () => {
    const ledger = await ledgerOf([[file('a', 'x')], [file('a', 'y'), file('a', 'zz'), file('a', 'x')]]);
    expect(lineText(ledger, '/a')).toEqual(['0 added', '1 unchanged']);
    expect(ledger.superseded.map(({ layer, entry }) => [layer, entry])).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });

  it('treats different spellings as the same path', async () => {
    const ledger = await ledgerOf([
      [file('a/b'), file('./a/b'), file('/a/b'), file('a//b'), file('a/c/../b'), file('../a/b')],
    ]);
    expect(tree(ledger)).toEqual(['/a/b']);
    expect(ledger.superseded).toHaveLength(5);
  });
});

it('distinguishes names that are not UTF-8', async () => {
  const ledger = await ledgerOf([[file(Buffer.of(0x61, 0xff)), file(Buffer.of(0x61, 0xfe))]]);
  expect(finalTree(ledger)).toHaveLength(2);
});

it('skips a missing layer', async () => {
  const ledger = await ledgerOf([[file('a', 'x')], null, [whiteout('a')]]);
  expect(lineText(ledger, '/a')).toEqual(['0 added', '2 deleted']);
  expect(changes(ledger, 1)).toEqual([]);
});

it('reports the final state of each generation', async () => {
  const ledger = await ledgerOf([
    [file('a', 'x'), file('b', 'x')],
    [file('a', 'y'), whiteout('b')],
  ]);
  const states = (path: string): string[] =>
    ledger.line(pathId(ledger, path)).map((event) => ledger.state(event));
  expect(states('/a')).toEqual(['shadowed', 'live']);
  expect(states('/b')).toEqual(['deleted', 'deleted']);
});
