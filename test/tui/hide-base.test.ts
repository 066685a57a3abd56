import { beforeAll, describe, expect, it } from 'vitest';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import { type BaseEvidence, findBase, originsOf } from '../../src/history/base.ts';
import type { Model } from '../../src/tui/model.ts';
import { selectedEntry } from '../../src/tui/selectors/history-rows.ts';
import { layerRows, standingLayer } from '../../src/tui/selectors/layer-rows.ts';
import { shownTable } from '../../src/tui/selectors/list-table.ts';
import { showOptions } from '../../src/tui/selectors/show-options.ts';
import { treeOf } from '../../src/tui/selectors/tree-of.ts';
import { pathText } from '../ledger-of.ts';
import { afterKeys, imageOf, modelOf, type TestImage } from './stacked-of.ts';

const BASE: readonly BaseEvidence[] = [
  { method: 'given', confidence: 'proof', name: 'base:1', digest: null, layers: 2, reason: 'it was given' },
];

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    {
      by: 'ADD base.tar /',
      entries: [dir('etc/'), file('etc/old', 'x'), file('bin/su', 's', { mode: 0o4755 })],
    },
    { by: 'RUN rm /etc/old', entries: [dir('etc/'), whiteout('etc/old')] },
    { by: 'CMD ["sh"]' },
    {
      by: 'COPY app /app',
      entries: [dir('app/'), file('app/key', 'k'), file('app/tool', 't', { mode: 0o4755 })],
    },
    { by: 'RUN rm /app/key', entries: [dir('app/'), whiteout('app/key')] },
  ]);
});

const onBase = (options = {}): Model =>
  modelOf(image, { baseLayers: 2, build: { base: BASE, provenance: null }, ...options });

/** The cell of a column of every row that is listed. */
function column(model: Model, title: string): (string | undefined)[] {
  const table = shownTable(model)!;
  const at = table.columns.findIndex((each) => each.title === title);
  return table.rows.map(({ cells }) => cells[at]);
}

/** Every path of the tree, all of it open. */
function paths(model: Model): string[] {
  const tree = treeOf(afterKeys(model, 'f tab *'))!;
  return tree.rows(0, tree.rowCount).map(({ path }) => pathText(model.stacked!.ledger, path));
}

describe('hiding the base', () => {
  it('collapses its layers and hides its files in the tree', () => {
    const open = afterKeys(onBase(), 'home space');
    expect(layerRows(open).map(({ kind }) => kind)).toEqual(['layer', 'layer', 'empty', 'layer', 'layer']);
    const hidden = afterKeys(open, 'B');
    expect(layerRows(hidden).map(({ kind }) => kind)).toEqual(['base', 'layer', 'layer']);
    expect(paths(onBase())).toEqual(['/app', '/app/key', '/app/tool', '/bin', '/bin/su', '/etc', '/etc/old']);
    expect(paths(hidden)).toEqual(['/app', '/app/key', '/app/tool']);
  });

  it('collapses a single layer and the entries after it', async () => {
    const single = await imageOf([
      { by: 'ADD alpine.tar /', entries: [dir('etc/'), file('etc/passwd', 'x')] },
      { by: 'ENV PATH=/bin' },
      { by: 'CMD ["sh"]' },
      { by: 'ENV PORT=80' },
      { by: 'COPY app /app', entries: [dir('app/'), file('app/key', 'k')] },
    ]);
    const base = BASE.map((sign) => ({ ...sign, layers: 1 }));
    const model = modelOf(single, { baseLayers: 1, build: { base, provenance: null } });
    expect(layerRows(model)).toHaveLength(5);
    const hidden = afterKeys(model, 'B');
    // The CMD is the last that the base says; what follows it is the image's own.
    expect(layerRows(hidden).map(({ kind }) => kind)).toEqual(['base', 'empty', 'layer']);
    expect(layerRows(hidden)[0]).toMatchObject({ layers: 1 });
    expect(column(afterKeys(hidden, '5'), '#')).toEqual(['0-2', '3', '4']);
    expect(layerRows(afterKeys(hidden, 'home space'))).toHaveLength(5);
    expect(standingLayer(afterKeys(hidden, 'home'))).toBe(0);
    expect(layerRows(afterKeys(hidden, 'B'))).toHaveLength(5);
    // An entry that is selected stays so; one of the base becomes the row of the base.
    expect(afterKeys(model, 'home j j j B').layers.row).toBe(1);
    expect(afterKeys(model, 'home j j B').layers.row).toBe(0);
    expect(afterKeys(hidden, 'home j B').layers.row).toBe(3);
  });

  it('works from the Show menu', () => {
    const at = showOptions(onBase()).findIndex(({ id }) => id === 'base');
    const model = afterKeys(onBase(), `t ${'j '.repeat(at)}space`);
    expect(model.tree.show.base).toBe(false);
    expect(model.findings.filter.origin).toBe('application');
  });

  it('keeps the selected layer', () => {
    const model = afterKeys(onBase(), '# 3 enter');
    expect(standingLayer(model)).toBe(3);
    expect(standingLayer(afterKeys(model, 'B'))).toBe(3);
    expect(standingLayer(afterKeys(model, 'B B'))).toBe(3);
  });

  it('hides its deleted and setuid files and says how many', () => {
    expect(column(afterKeys(onBase(), '2'), 'path')).toEqual(['/etc/old', '/app/key']);
    const deletedFiles = afterKeys(onBase(), '2 B');
    expect(column(deletedFiles, 'path')).toEqual(['/app/key']);
    expect(shownTable(deletedFiles)!.summary).toMatch(/^1 row of the base hidden {2}\|/);
    expect(column(afterKeys(onBase(), '3'), 'path')).toHaveLength(2);
    expect(column(afterKeys(onBase(), '3 B'), 'path')).toHaveLength(1);
  });

  it('collapses its history entries and keeps the selected one', () => {
    const model = afterKeys(onBase(), '5 j j j');
    expect([selectedEntry(model), shownTable(model)!.rows.length]).toEqual([3, 5]);
    const hidden = afterKeys(model, 'B');
    expect(column(hidden, '#')).toEqual(['0-2', '3', '4']);
    expect([selectedEntry(hidden), hidden.lists.history.row]).toEqual([3, 1]);
    expect(selectedEntry(afterKeys(hidden, 'B'))).toBe(3);
    expect(selectedEntry(afterKeys(hidden, 'k'))).toBe(0);
  });

  it('lists only findings of the application', () => {
    expect(afterKeys(onBase(), 'B').findings.filter.origin).toBe('application');
    expect(afterKeys(onBase(), 'B B').findings.filter.origin).toBeNull();
  });

  it('detects the base from the history, here by its final CMD', () => {
    const { history, stacked } = image;
    const base = findBase({ annotations: {}, config: stacked.image.config, history, provenance: null });
    const baseLayers = originsOf(base, stacked.layers.length).filter((origin) => origin === 'base').length;
    const model = modelOf(image, { baseLayers, build: { base, provenance: null } });
    expect(layerRows(model).map(({ kind }) => kind)).toEqual(['base', 'layer', 'layer']);
    expect(paths(afterKeys(model, 'B'))).toEqual(['/app', '/app/key', '/app/tool']);
  });

  it('says that the base is unknown', () => {
    const model = afterKeys(modelOf(image), 'B');
    expect(model.message?.text).toContain('--base');
    expect(model.tree.show.base).toBe(true);
  });
});
