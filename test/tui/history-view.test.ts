import { beforeAll, describe, expect, it } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import { file } from '../../fixtures/tar.ts';
import type { BaseEvidence } from '../../src/history/base.ts';
import type { Model, StartOptions } from '../../src/tui/model.ts';
import { dockerfileView, historyHalves } from '../../src/tui/selectors/dockerfile-view.ts';
import { selectedRow, shownTable } from '../../src/tui/selectors/list-table.ts';
import { findingOf } from './finding-of.ts';
import { after, afterKeys, imageOf, modelOf, type TestImage } from './stacked-of.ts';

const TOKEN = githubToken('history view');
const BASE: readonly BaseEvidence[] = [
  {
    method: 'given',
    confidence: 'proof',
    name: 'debian:12',
    digest: null,
    layers: 1,
    reason: 'it was given',
  },
];

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    { by: '/bin/sh -c #(nop) ADD file:1 in / ', entries: [file('etc/os-release', 'x')] },
    { by: '/bin/sh -c #(nop)  CMD ["bash"]' },
    { by: `/bin/sh -c #(nop)  ENV GITHUB_TOKEN=${TOKEN}` },
    { by: `/bin/sh -c apt-get update${' && true'.repeat(20)}`, entries: [file('usr/bin/x', 'x')] },
  ]);
});

function history(columns: number, options: Partial<StartOptions> = {}): Model {
  return afterKeys(
    modelOf(image, { size: { columns, rows: 30 }, build: { base: BASE, provenance: null }, ...options }),
    '5',
  );
}

/** The Dockerfile's rows that are marked. */
function marked(model: Model): string[] {
  const view = dockerfileView(model, historyHalves(model).dockerfile, 20)!;
  return view.rows.filter(view.isMarked).map(({ text }) => text);
}

describe('the Dockerfile beside the history', () => {
  it('marks the rows of the selected entry', () => {
    const rows = marked(afterKeys(history(120), 'G'));
    expect(rows[0]).toMatch(/^RUN apt-get update && true/);
    expect(rows.length).toBeGreaterThan(1);
  });

  it('marks FROM for every entry of the base', () => {
    expect(marked(history(120))[0]).toBe('FROM debian:12');
    expect(marked(afterKeys(history(120), 'j'))[0]).toBe('FROM debian:12');
  });

  it('masks values in both', () => {
    const model = afterKeys(history(120), 'j j');
    const stars = `GITHUB_TOKEN=********(${TOKEN.length})`;
    expect(marked(model)).toEqual([`ENV ${stars}`]);
    expect(selectedRow(model)?.cells.at(-1)).toBe(`ENV ${stars}`);
  });

  it('scrolls to the rows of the selected entry', () => {
    const model = afterKeys(history(120), 'G');
    const { rows, top } = dockerfileView(model, historyHalves(model).dockerfile, 3)!;
    expect(rows.slice(top, top + 3).some(({ entry }) => entry === 3)).toBe(true);
  });

  it('is shown and hidden by its key', () => {
    expect(historyHalves(history(120))).toEqual({ entries: 60, dockerfile: 59 });
    expect(historyHalves(afterKeys(history(120), 'd'))).toEqual({ entries: 120, dockerfile: 0 });
    expect(historyHalves(afterKeys(history(120), 'd d'))).toEqual({ entries: 60, dockerfile: 59 });
  });

  it('replaces the entries on a narrow screen', () => {
    const model = afterKeys(history(80), 'd G');
    expect(historyHalves(history(80))).toEqual({ entries: 80, dockerfile: 0 });
    expect(historyHalves(model)).toEqual({ entries: 0, dockerfile: 80 });
    expect(marked(model)[0]).toMatch(/^RUN apt-get/);
  });

  it('does not exist for an image without history', () => {
    const model = { ...history(120), history: { ...image.history, entries: [], instructions: [] } };
    expect(historyHalves(model)).toEqual({ entries: 120, dockerfile: 0 });
  });
});

describe('an entry with a secret in its instruction', () => {
  it('has a letter and a description', () => {
    const list = [findingOf('GitHub token', [{ surface: 'history', historyIndex: 2 }])];
    const model = after(history(80), { type: 'findings', list, search: 'done' });
    const at = shownTable(model)!.columns.findIndex(({ title }) => title === '!');
    expect(shownTable(model)!.rows.map(({ cells }) => cells[at])).toEqual(['', '', 'S', '']);
    expect(selectedRow(afterKeys(model, 'j j'))?.detail[1]).toBe('in this instruction: GitHub token');
  });
});
