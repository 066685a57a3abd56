import { beforeAll, describe, expect, it } from 'vitest';
import { dir, file } from '../../fixtures/tar.ts';
import type { Model } from '../../src/tui/model.ts';
import { selectedLayer } from '../../src/tui/selectors/layer-rows.ts';
import { listTable, selectedRow } from '../../src/tui/selectors/list-table.ts';
import { tabSpans } from '../../src/tui/selectors/tabs.ts';
import { RETEST } from './retest-of.ts';
import { after, afterKeys, imageOf, modelOf, type TestImage } from './stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    { by: 'COPY . /app', entries: [dir('app/'), file('app/.env', 'x')] },
    { by: 'COPY more /app', entries: [dir('app/'), file('app/more', 'y')] },
  ]);
});

const arrived = (keys = ''): Model =>
  after(afterKeys(modelOf(image), keys), { type: 'retest', retest: RETEST });

describe('the Retest view', () => {
  it('does not exist without a report', () => {
    const model = modelOf(image);
    expect(tabSpans(model).map(({ id }) => id)).not.toContain('retest');
    expect(afterKeys(model, '7').view).toBe('layers');
  });

  it('opens after the comparison and counts the remaining findings', () => {
    const model = arrived();
    expect(model.view).toBe('retest');
    expect(tabSpans(model).at(-1)!.text).toBe('[7 Retest 2]');
  });

  it('does not open if the user has navigated away', () => {
    expect(arrived('5').view).toBe('history');
    expect(arrived('?').view).toBe('layers');
    expect(afterKeys(arrived('5'), '7').view).toBe('retest');
  });

  it('lists goals, then remaining findings, then fixed ones', () => {
    const table = listTable(arrived(), 'retest')!;
    expect(table.summary).toBe('Retest FAILS: 1 fixed, 1 persisting, 0 moved, 1 new');
    expect(table.rows.map(({ cells }) => [cells[0], cells[3]])).toEqual([
      ['MISSED', '2 credentials can still be taken out'],
      ['persisting', 'Kept'],
      ['new', 'Fresh'],
      ['fixed', 'Gone\\u{202e}'],
    ]);
    expect(table.rows[0]!.detail).toContain('the base is unchanged');
    expect(table.rows[1]!.detail).toContain('deleted in a later layer');
  });

  it('goes to remaining findings but not to fixed ones', () => {
    const model = afterKeys(arrived(), 'down enter');
    expect([model.view, selectedLayer(model)]).toEqual(['layers', 0]);
    expect(selectedRow(afterKeys(arrived(), 'end'))!.target).toBeNull();
  });
});
