import { describe, expect, it } from 'vitest';
import { dir, type FixtureEntry, file, hardlink, whiteout } from '../../fixtures/tar.ts';
import { alignHistory } from '../../src/history/align.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { Masker } from '../../src/secrets/mask/masker.ts';
import { layOut } from '../../src/tui/columns/column-layout.ts';
import { rowSegments } from '../../src/tui/columns/row-segments.ts';
import { treeLine, treePaneColumns } from '../../src/tui/panes/tree-pane-columns.ts';
import type { Reading } from '../../src/tui/tree/reading.ts';
import { pathLine } from '../../src/tui/selectors/path-line.ts';
import { deletedTable } from '../../src/tui/tables/deleted-table.ts';
import { setuidTable } from '../../src/tui/tables/setuid-table.ts';
import { ledgerOf, pathId } from '../ledger-of.ts';
import { afterKeys, imageOf, modelOf, pressKeys } from './stacked-of.ts';
import { type DrawOptions, drawnTree as drawn, treeOf } from './tree/drawn.ts';

const NET_RAW = Buffer.from('0100000200200000000000000000000000000000', 'hex');
const NAMES = [dir('d'), file('d/a', 'four'), hardlink('d/b', 'd/a'), hardlink('d/c', 'd/a')];

const OPEN: DrawOptions = { folds: { rest: 'all', said: new Map() } };

/** Every row of a tree, with its sizes. */
function drawnTree(ledger: Ledger, reading: Reading, options: DrawOptions = {}): string[] {
  return drawn(ledger, reading, { ...OPEN, ...options });
}

/** The rows of a tree as the screen draws them, without size and guides: `- b => d/a  setuid`. */
async function rows(reading: Reading, ...layers: FixtureEntry[][]): Promise<string[]> {
  const ledger = await ledgerOf(layers);
  const tree = treeOf(ledger, reading, OPEN);
  const shown = { mode: true, owner: false, size: false, lost: false, mtime: false };
  const layout = layOut(treePaneColumns({ shown, exactSizes: false, marksUnchanged: false }), 79);
  return tree.rows(0, tree.rowCount).map((row) =>
    rowSegments(layout, treeLine(ledger, row, null), [null, ' '])
      .map(([, text]) => text)
      .join('')
      .replaceAll(/[|`]-|\s/g, ' ')
      .replaceAll(/ +/g, ' ')
      .trim(),
  );
}

describe('the tree', () => {
  const layers = [NAMES, [whiteout('d/a')], [whiteout('d/b')], [whiteout('d/c')]];

  it('shows the size of a hard-linked file at its first name', async () => {
    expect(drawnTree(await ledgerOf(layers.slice(0, 1)), { kind: 'final' })).toEqual([
      '= 4 d/',
      '= 4   a',
      '= 0   b',
      '= 0   c',
    ]);
  });

  it('counts the bytes at the first remaining name', async () => {
    expect(drawnTree(await ledgerOf(layers.slice(0, 2)), { kind: 'final' })).toEqual([
      '= 4 d/',
      '- 0   a',
      '= 4   b',
      '= 0   c',
    ]);
    expect(await rows({ kind: 'final' }, ...layers.slice(0, 2))).toEqual([
      'drwxr-xr-x d/',
      '- -rw-r--r-- a',
      '-rw-r--r-- b',
      'hrw-r--r-- c => d/b',
    ]);
  });

  it('counts the bytes as deleted once, with the last name', async () => {
    const ledger = await ledgerOf(layers);
    expect(drawnTree(ledger, { kind: 'changes', layer: 1 })).toEqual(['. 0 d/', '- 0   a']);
    expect(drawnTree(ledger, { kind: 'changes', layer: 3 })).toEqual(['. 0 d/', '- 4   c']);
    expect(drawnTree(ledger, { kind: 'final' })).toEqual(['= 0 d/', '- 4   a', '- 0   b', '- 0   c']);
    expect(drawnTree(ledger, { kind: 'between', from: 1, to: 3 })).toEqual(['= 0 d/', '- 4   b', '- 0   c']);
  });

  it('counts bytes as wasted only if no name is live', async () => {
    const first = { kind: 'changes', layer: 0 } as const;
    expect(drawnTree(await ledgerOf(layers.slice(0, 3)), first)).toEqual([
      '+ 4 d/',
      '+ 4   a',
      '+ 0   b',
      '+ 0   c',
    ]);
    expect(drawnTree(await ledgerOf(layers), first)[1]).toBe('+ 4 lost 4   a');
  });

  it('shows hard links if only files are shown', async () => {
    const files = drawnTree(await ledgerOf([NAMES]), { kind: 'final' }, { show: { filesOnly: true } });
    expect(files).toHaveLength(4);
  });

  it('shows the privileges of the target at a hard link', async () => {
    const layer = [
      file('a', 'x', { mode: 0o4755 }),
      hardlink('b', 'a'),
      file('p', 'x', { xattrs: { 'security.capability': NET_RAW } }),
      hardlink('q', 'p'),
    ];
    expect(await rows({ kind: 'final' }, layer)).toEqual([
      '-rwsr-xr-x a setuid',
      'hrwsr-xr-x b => a setuid',
      '-rw-r--r-- p capabilities',
      'hrw-r--r-- q => p capabilities',
    ]);
  });

  it('opens the content under a hard link', async () => {
    const image = await imageOf([{ by: 'ADD', entries: [file('a', 'four'), hardlink('b', 'a')] }]);
    const [, effects] = pressKeys(afterKeys(modelOf(image), 'tab j'), 'v');
    expect(effects).toMatchObject([{ type: 'preview', request: { content: { layer: 0, entry: 0 } } }]);
  });
});

describe('a comparison in the tree', () => {
  const between = async (old: FixtureEntry[], now: FixtureEntry[], hashes = true): Promise<string[]> => {
    const ledger = await ledgerOf([old, now], hashes);
    return drawnTree(ledger, { kind: 'between', from: 0, to: 1 });
  };

  it('leaves out a hard link that becomes an identical file', async () => {
    const old = [file('a', 'same'), hardlink('b', 'a')];
    expect(await between(old, [file('b', 'same')])).toEqual([]);
    expect(await between(old, [file('b', 'other')])).toEqual(['~ 5 b']);
    expect(await between([file('a', 'same'), file('b', 'same')], [hardlink('b', 'a')])).toEqual([]);
  });

  it('detects different content of the same size after a deletion', async () => {
    const ledger = await ledgerOf([[file('a', 'one')], [whiteout('a')], [file('a', 'two')]], false);
    expect(drawnTree(ledger, { kind: 'between', from: 0, to: 2 })).toEqual(['~ 3 a']);
  });
});

describe('the list of deleted files', () => {
  const table = async (...layers: FixtureEntry[][]): Promise<string[]> => {
    const { rows: listed } = deletedTable(
      await ledgerOf(layers),
      alignHistory([], layers.length),
      new Masker([]),
    );
    return listed.map(({ cells }) => `${cells[0]} ${cells[3]}`);
  };

  it('lists a deleted name of a live file, without bytes', async () => {
    expect(await table(NAMES, [whiteout('d/a')])).toEqual(['0 B /d/a (live as /d/b)']);
    expect(await table(NAMES, [whiteout('d/c')])).toEqual(['0 B /d/c (live as /d/a)']);
  });

  it('lists every name of a deleted file and counts its bytes once', async () => {
    expect(await table(NAMES, [whiteout('d')])).toEqual([
      '4 B /d/a',
      '0 B /d/b (hard link)',
      '0 B /d/c (hard link)',
    ]);
  });
});

it('shows the privileges of the target of a hard link in the Setuid view', async () => {
  const ledger = await ledgerOf([
    [
      file('a', 'x', { mode: 0o4755 }),
      hardlink('b', 'a'),
      file('p', 'x', { xattrs: { 'security.capability': NET_RAW } }),
      hardlink('q', 'p'),
    ],
    [whiteout('a')],
  ]);
  const { rows: listed } = setuidTable(ledger, alignHistory([], 2), new Masker([]));
  expect(listed.map(({ cells }) => `${cells[1]} ${cells[0]}`)).toEqual([
    '/a deleted',
    '/b 4755 setuid',
    '/p 0644 cap_net_raw+ep',
    '/q 0644 cap_net_raw+ep',
  ]);
});

it('names the live hard links in the history of a path', async () => {
  const ledger = await ledgerOf([NAMES, [whiteout('d/a')]]);
  const fate = (path: string): string => pathLine(ledger, pathId(ledger, path)).fate;
  expect(fate('/d/a')).toBe('deleted, still exists as /d/b and 1 more');
  expect(fate('/d/b')).toBe('exists, also as /d/c');
});
