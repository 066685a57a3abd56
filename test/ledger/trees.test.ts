import { expect, it } from 'vitest';
import { dir, file, symlink, whiteout } from '../../fixtures/tar.ts';
import { layerCounts } from '../../src/ledger/diff.ts';
import { finalTree, treeAfter } from '../../src/ledger/final-tree.ts';
import { ledgerOf, pathText } from '../ledger-of.ts';

const stack = () =>
  ledgerOf([
    [dir('etc'), file('etc/a', 'x'), file('etc/b', 'x'), file('etc/c', 'x'), file('etc/d', 'x')],
    [
      dir('etc', { mtime: 1 }),
      file('etc/a', 'y'),
      file('etc/b', 'x', { mode: 0o600 }),
      symlink('etc/c', 'a'),
      whiteout('etc/d'),
      file('new', 'x'),
    ],
    [file('etc/d', 'x')],
  ]);

it('counts the changes of a layer, without rewritten directories', async () => {
  const ledger = await stack();
  expect(layerCounts(ledger, 0)).toEqual({ added: 5, modified: 0, deleted: 0 });
  expect(layerCounts(ledger, 1)).toEqual({ added: 1, modified: 3, deleted: 1 });
  expect(layerCounts(ledger, 2)).toEqual({ added: 1, modified: 0, deleted: 0 });
});

it('returns the tree after a layer and the final tree, with the newest entry of each path', async () => {
  const ledger = await stack();
  const lines = (events: Uint32Array): string[] =>
    Array.from(events, (event) => `${pathText(ledger, ledger.pathOf(event))} ${ledger.layerOf(event)}`);
  expect(lines(treeAfter(ledger, 1))).toEqual(['/etc 1', '/etc/a 1', '/etc/b 1', '/etc/c 1', '/new 1']);
  expect(lines(finalTree(ledger))).toEqual([
    '/etc 1',
    '/etc/a 1',
    '/etc/b 1',
    '/etc/c 1',
    '/etc/d 2',
    '/new 1',
  ]);
});

it('returns an empty tree for an image without layers', async () => {
  expect(finalTree(await ledgerOf([]))).toHaveLength(0);
});
