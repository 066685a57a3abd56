import { beforeAll, describe, expect, it } from 'vitest';
import { file } from '../../fixtures/tar.ts';
import type { Model, Size } from '../../src/tui/model.ts';
import { listPage } from '../../src/tui/selectors/list-table.ts';
import { layoutOf, listRows } from '../../src/tui/selectors/layout.ts';
import { treeOf } from '../../src/tui/selectors/tree-of.ts';
import { after, afterKeys, imageOf, modelOf, type TestImage } from './stacked-of.ts';

const LARGE: Size = { columns: 160, rows: 60 };
const SMALL: Size = { columns: 80, rows: 24 };

let image: TestImage;
beforeAll(async () => {
  image = await imageOf(
    Array.from({ length: 100 }, (_, i) => ({
      by: `RUN ${i}`,
      entries: Array.from({ length: 3 }, (__, k) => file(`f${i}-${k}`, 'x')),
    })),
  );
});

const resized = (model: Model, size: Size): Model => after(model, { type: 'resize', size });
const large = (keys: string): Model => afterKeys(modelOf(image, { size: LARGE }), keys);

describe('a screen of another size', () => {
  it('keeps the selected row visible and the page full', () => {
    const small = resized(large('5 G'), SMALL);
    const { row, top } = small.lists.history;
    expect([row, top + listPage(small)]).toEqual([99, 100]);
    const back = resized(small, LARGE);
    expect(back.lists.history).toEqual({ row: 99, top: 100 - listPage(back) });
  });

  it('keeps the selected layer and path visible', () => {
    const small = resized(large('G f tab end'), SMALL);
    const page = listRows(layoutOf(small).panes.layers);
    expect(small.layers.row - small.layers.top).toBeLessThan(page);
    const tree = treeOf(small)!;
    expect(tree.rowOf(small.tree.cursor) - small.tree.top).toBeLessThan(listRows(layoutOf(small).panes.tree));
  });

  it('keeps the help filled to its end', () => {
    const small = afterKeys(resized(large(''), SMALL), '? G');
    const top = (model: Model): number => {
      const overlay = model.overlays.at(-1);
      return overlay?.kind === 'help' ? overlay.top : -1;
    };
    expect(top(small)).toBeGreaterThan(0);
    expect(top(resized(small, { columns: 160, rows: 200 }))).toBe(0);
  });

  it('survives being too small in between', () => {
    const tiny = resized(large('5 G'), { columns: 3, rows: 1 });
    expect(resized(tiny, LARGE).lists.history.row).toBe(99);
  });
});
