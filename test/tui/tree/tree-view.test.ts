import { beforeAll, describe, expect, it } from 'vitest';
import { dir, file, opaque, symlink, whiteout } from '../../../fixtures/tar.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { AUTO_FOLDS, revealed, withFold } from '../../../src/tui/tree/folds.ts';
import { matchPaths, parseFilter } from '../../../src/tui/tree/filter.ts';
import { ledgerOf, pathId } from '../../ledger-of.ts';
import { drawnRows, drawnTree, treeOf } from './drawn.ts';

/** A base, files added, some changed, some deleted, one added again. */
const LAYERS = [
  [
    dir('etc/'),
    file('etc/passwd', 'root'),
    file('etc/motd', 'hello'),
    dir('tmp/'),
    file('bin/sh', '#!', { mode: 0o755 }),
  ],
  [
    dir('app/'),
    file('app/.env', 'SECRET', { mode: 0o600 }),
    file('app/run', 'x', { mode: 0o755 }),
    file('etc/passwd', 'root app'),
  ],
  [dir('app/'), file('app/run', 'x', { mode: 0o700 }), whiteout('app/.env'), symlink('etc/motd', 'issue')],
  [file('app/.env', 'SAFE'), file('etc/passwd', 'root app'), opaque('tmp')],
];

let ledger: Ledger;
beforeAll(async () => {
  ledger = await ledgerOf(LAYERS);
});

describe('the changes of a layer', () => {
  it('shows the files of the base and implied directories', () => {
    expect(drawnTree(ledger, { kind: 'changes', layer: 0 })).toEqual([
      '. 2 bin/',
      '+ 2   sh',
      '+ 9 lost 9 etc/',
      '+ 5 lost 5   motd',
      '+ 4 lost 4   passwd',
      '+ 0 tmp/',
    ]);
  });

  it('expands directories that contain changes', () => {
    expect(drawnTree(ledger, { kind: 'changes', layer: 1 })).toEqual([
      '+ 7 lost 7 app/',
      '+ 6 lost 6   .env',
      '+ 1 lost 1   run',
      '. 8 lost 8 etc/',
      '~ 8 lost 8   passwd',
    ]);
  });

  it('shows deleted files with their former size', () => {
    expect(drawnTree(ledger, { kind: 'changes', layer: 2 })).toEqual([
      '= 1 app/',
      '- 6   .env',
      'm 1   run',
      '. 0 etc/',
      'r 0   motd',
    ]);
  });

  it('marks a path that was added again and collapses unchanged directories', () => {
    expect(drawnTree(ledger, { kind: 'changes', layer: 3 })).toEqual([
      '. 4 app/',
      'R 4   .env',
      '. 8 etc/ (1)',
    ]);
  });
});

describe('the tree after a layer', () => {
  it('marks the changes of that layer and collapses other directories', () => {
    expect(drawnTree(ledger, { kind: 'after', layer: 2 })).toEqual([
      '= 1 app/',
      '- 6   .env',
      'm 1   run',
      '. 2 bin/ (1)',
      '= 8 lost 8 etc/',
      'r 0   motd',
      '= 8 lost 8   passwd',
      '= 0 tmp/',
    ]);
  });

  it('shows the final tree and marks deleted files', async () => {
    const gone = await ledgerOf([...LAYERS, [whiteout('app')]]);
    expect(drawnTree(gone, { kind: 'final' })).toEqual([
      '- 5 app/ (2)',
      '. 2 bin/ (1)',
      '= 8 etc/ (2)',
      '= 0 tmp/',
    ]);
  });
});

describe('the comparison of two layers', () => {
  it('shows the differences, regardless of the layers in between', () => {
    expect(drawnTree(ledger, { kind: 'between', from: 1, to: 3 })).toEqual([
      '= 5 app/',
      '~ 4   .env',
      'm 1   run',
      '= 8 etc/',
      'r 0   motd',
    ]);
  });

  it('shows files missing from the later layer as deleted', () => {
    expect(drawnTree(ledger, { kind: 'between', from: 1, to: 2 })).toEqual([
      '= 1 app/',
      '- 6   .env',
      'm 1   run',
      '= 8 lost 8 etc/',
      'r 0   motd',
    ]);
  });
});

describe('the Show options and the filter', () => {
  const after = { kind: 'after', layer: 2 } as const;

  it('can exclude kinds of change', () => {
    expect(drawnTree(ledger, after, { show: { unchanged: false, deleted: false } })).toEqual([
      '= 1 app/',
      'm 1   run',
      '= 8 lost 8 etc/',
      'r 0   motd',
    ]);
  });

  it('can exclude directories, links and files that are not executable', () => {
    expect(drawnTree(ledger, after, { show: { executablesOnly: true } })).toEqual([
      '= 1 app/',
      'm 1   run',
      '. 2 bin/ (1)',
    ]);
  });

  it('can exclude the files of the base', () => {
    expect(drawnTree(ledger, after, { show: { base: false }, baseLayers: 1 })).toEqual([
      '= 1 app/',
      '- 6   .env',
      'm 1   run',
      '= 8 lost 8 etc/',
      'r 0   motd',
      '= 8 lost 8   passwd',
    ]);
  });

  it('shows the matches of a filter and the directories above them', () => {
    const filter = parseFilter('*.env');
    if (!filter.ok) throw new Error(filter.message);
    const work = matchPaths(ledger.paths, filter);
    let step = work.next();
    while (step.done !== true) step = work.next();
    expect(drawnTree(ledger, { kind: 'final' }, { matches: step.value })).toEqual(['= 5 app/', '= 4   .env']);
  });
});

describe('the order', () => {
  const final = { kind: 'final' } as const;
  const folds = { rest: 'all', said: new Map() } as const;
  const names = (sort: 'name' | 'size' | 'change' | 'layer') =>
    drawnTree(ledger, final, { sort, folds }).map((row) => row.split(' ').at(-1));

  it('is by raw bytes of the name', () => {
    expect(names('name')).toEqual(['app/', '.env', 'run', 'bin/', 'sh', 'etc/', 'motd', 'passwd', 'tmp/']);
  });

  it('can be by size, largest first', () => {
    expect(names('size')).toEqual(['etc/', 'passwd', 'motd', 'app/', '.env', 'run', 'bin/', 'sh', 'tmp/']);
  });

  it('can be by the layer that wrote the file', () => {
    expect(names('layer')).toEqual(['bin/', 'sh', 'etc/', 'motd', 'passwd', 'tmp/', 'app/', 'run', '.env']);
  });
});

describe('collapsing and expanding', () => {
  const changes = { kind: 'changes', layer: 1 } as const;

  it('collapses a directory and shows its count', () => {
    const folds = withFold(AUTO_FOLDS, pathId(ledger, '/app'), false);
    expect(drawnTree(ledger, changes, { folds })).toEqual([
      '+ 7 lost 7 app/ (2)',
      '. 8 lost 8 etc/',
      '~ 8 lost 8   passwd',
    ]);
  });

  it('expands the directories above a path', () => {
    const closed = treeOf(ledger, { kind: 'final' });
    const folds = revealed(AUTO_FOLDS, closed.shown, pathId(ledger, '/bin/sh'));
    const rows = drawnRows(treeOf(ledger, { kind: 'final' }, { folds }));
    expect(rows).toContain('= 2   sh');
  });

  it('does not expand a large new directory automatically', async () => {
    const many = Array.from({ length: 100 }, (_, i) => file(`srv/data/f${i}`, ''));
    const large = await ledgerOf([[dir('srv/'), dir('srv/data/'), ...many]]);
    expect(drawnTree(large, { kind: 'changes', layer: 0 })).toEqual(['+ 0 srv/ (101)']);
  });

  it('expands at most a thousand rows automatically', async () => {
    const base = [dir('srv/')];
    const many = Array.from({ length: 3000 }, (_, i) => file(`srv/d${i % 300}/f${i}`, 'x'));
    const large = await ledgerOf([base, many]);
    const tree = treeOf(large, { kind: 'changes', layer: 1 });
    expect(tree.rowCount).toBeLessThanOrEqual(1000);
    expect(tree.rowCount).toBeGreaterThan(300);
  });
});

describe('matches', () => {
  it('wrap around and include collapsed directories', () => {
    const final = { kind: 'changes', layer: 1 } as const;
    const folds = withFold(AUTO_FOLDS, pathId(ledger, '/app'), false);
    const tree = treeOf(ledger, final, { folds });
    const id = (path: string) => pathId(ledger, path);
    expect(tree.nextMatch(-1, 1)).toBe(id('/app'));
    expect(tree.nextMatch(id('/app'), 1)).toBe(id('/app/.env'));
    expect(tree.nextMatch(id('/etc/passwd'), 1)).toBe(id('/app'));
    expect(tree.nextMatch(id('/app'), -1)).toBe(id('/etc/passwd'));
    expect(tree.nextMatch(id('/etc'), -1)).toBe(id('/app/run'));
  });
});
