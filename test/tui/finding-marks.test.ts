import { beforeAll, describe, expect, it } from 'vitest';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { findingMarks, treeLetters } from '../../src/tui/finding-marks.ts';
import type { Model } from '../../src/tui/model.ts';
import { layerRows } from '../../src/tui/selectors/layer-rows.ts';
import { findingsOfRow, lettersOf, marksOf } from '../../src/tui/selectors/marks.ts';
import { treeOf } from '../../src/tui/selectors/tree-of.ts';
import { pathText } from '../ledger-of.ts';
import { findingOf } from './finding-of.ts';
import { after, afterKeys, imageOf, modelOf, type TestImage } from './stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    { by: 'ADD base.tar /', entries: [dir('etc/'), file('etc/passwd', 'root')] },
    { by: 'ADD more.tar /', entries: [dir('opt/'), file('opt/x', 'x')] },
    {
      by: 'COPY app /app',
      entries: [
        dir('app/'),
        dir('app/conf/'),
        file('app/conf/.env', 'a'),
        file('app/run', 'x'),
        file(Buffer.from('app/\xff', 'latin1'), 'y'),
      ],
    },
    { by: 'ENV TOKEN=x' },
    { by: 'RUN rm /app/conf/.env', entries: [dir('app/'), dir('app/conf/'), whiteout('app/conf/.env')] },
    { by: 'RUN echo > /app/run', entries: [dir('app/'), file('app/run', 'xy')] },
  ]);
});

const secret = (title: string, path: string, layer: number) => findingOf(title, [{ path, layer }]);
const posture = (title: string, path: string, layer: number) =>
  findingOf(title, [{ path, layer }], { kind: 'posture' });

function modelWith(list: readonly Finding[], baseLayers = 0): Model {
  const model = modelOf(image, { baseLayers });
  return after(model, { type: 'findings', list, search: 'done' });
}

/** The letters of the tree that is shown, by path. */
function letters(model: Model): Record<string, string> {
  const { ledger } = model.stacked!;
  return Object.fromEntries([...lettersOf(model)].map(([path, letter]) => [pathText(ledger, path), letter]));
}

describe('findings in the tree', () => {
  const list = [secret('token', '/app/conf/.env', 2), posture('writable', '/app/run', 2)];

  it('have a capital letter at the file and a small one at each directory above it', () => {
    expect(letters(afterKeys(modelWith(list), '# 2 enter'))).toEqual({
      '/': 's',
      '/app': 's',
      '/app/conf': 's',
      '/app/conf/.env': 'S',
      '/app/run': 'P',
    });
  });

  it('are marked where a layer deletes the file, but not on another version of it', () => {
    expect(letters(afterKeys(modelWith(list), '# 3 enter'))).toEqual({
      '/': 's',
      '/app': 's',
      '/app/conf': 's',
      '/app/conf/.env': 'S',
    });
    expect(letters(afterKeys(modelWith(list), '# 4 enter'))).toEqual({});
  });

  it('show a secret rather than the insecure setting of its directory', () => {
    const both = [...list, posture('folder', '/app/conf', 2)];
    for (const order of [both, both.toReversed()]) {
      expect(letters(afterKeys(modelWith(order), '# 2 enter'))['/app/conf']).toBe('s');
    }
  });

  it('support names that are not UTF-8', () => {
    const name = '/app/\udcff';
    expect(letters(afterKeys(modelWith([secret('t', name, 2)]), '# 2 enter'))[name]).toBe('S');
  });

  it('are left out if suppressed or if no layer has the path', () => {
    const quiet = [
      findingOf('test key', [{ path: '/app/run', layer: 2 }], { suppressed: 'an example' }),
      secret('elsewhere', '/nowhere', 2),
    ];
    expect(letters(afterKeys(modelWith(quiet), '# 2 enter'))).toEqual({});
  });

  it('are cached until more findings arrive', () => {
    const model = afterKeys(modelWith(list), '# 2 enter');
    expect(lettersOf(afterKeys(model, 'tab j j'))).toBe(lettersOf(model));
    expect(marksOf(afterKeys(model, '[ a'))).toBe(marksOf(model));
  });

  it('take time proportional to the findings, not to the paths', () => {
    const { ledger } = image.stacked;
    const marks = findingMarks(list, ledger, () => null);
    const { columns } = treeOf(afterKeys(modelWith(list), '# 2 enter'))!.shown;
    let reads = 0;
    const event = new Proxy(columns.event, {
      get: (target, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads++;
        return Reflect.get(target, key) as unknown;
      },
    });
    treeLetters(marks, { ...columns, event });
    expect(reads).toBe(list.length);
  });
});

describe('findings of the layers', () => {
  const list = [
    secret('one', '/app/conf/.env', 2),
    findingOf('two', [
      { path: '/etc/passwd', layer: 0 },
      { path: '/opt/x', layer: 1 },
      { path: '/app/run', layer: 2 },
    ]),
    findingOf('three', [{ surface: 'history', historyIndex: 3 }]),
    findingOf('four', [{ surface: 'history', historyIndex: 4 }]),
  ];
  const counts = (model: Model): number[] =>
    layerRows(model).map((row) => findingsOfRow(row, marksOf(model)));

  it('are counted once per layer, including its instruction', () => {
    expect(counts(modelWith(list))).toEqual([1, 1, 2, 1, 1, 0]);
  });

  it('are counted once for a collapsed base', () => {
    expect(counts(modelWith(list, 2))).toEqual([1, 2, 1, 1, 0]);
  });
});
