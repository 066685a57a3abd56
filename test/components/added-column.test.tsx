import { stripVTControlCharacters } from 'node:util';
import { renderToString } from 'ink';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Screen } from '../../components/Screen.tsx';
import { spoken } from '../../components/spoken.ts';
import { file } from '../../fixtures/tar.ts';
import type { Column } from '../../src/tui/columns/column.ts';
import type { LayerRow } from '../../src/tui/selectors/layer-rows.ts';
import { afterKeys, imageOf, modelOf, type TestImage } from '../tui/stacked-of.ts';

/** Nothing but the list of columns is changed: whatever else knew the columns would not know this one. */
vi.mock(import('../../src/tui/panes/layer-columns.ts'), async (original) => {
  const { layerColumns } = await original();
  const { column } = await import('../../src/tui/columns/column.ts');
  const status: Column<LayerRow> = column({
    title: 'status',
    width: 8,
    cell: (row) => (row.kind === 'layer' ? row.status : ''),
  });
  return {
    layerColumns: (...args: Parameters<typeof layerColumns>) => layerColumns(...args).toSpliced(2, 0, status),
  };
});

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    { by: 'COPY a /', entries: [file('a')] },
    { by: 'COPY b /', entries: [file('b')] },
  ]);
});

describe('a column that is added to the list of the layers pane', () => {
  it('has its title and its cells on the screen', () => {
    const model = modelOf(image, { size: { columns: 200, rows: 30 } });
    const lines = stripVTControlCharacters(renderToString(<Screen model={model} />, { columns: 200 })).split(
      '\n',
    );
    const titles = lines.findIndex((line) => line.includes('instruction'));
    const at = lines[titles]!.indexOf('status');
    expect(at).toBeGreaterThan(0);
    expect(lines[titles + 1]!.slice(at)).toMatch(/^indexed +1.*COPY a \//);
    expect(lines[titles]!.indexOf('instruction')).toBe(lines[titles + 1]!.indexOf('COPY a'));
  });

  it('is read by the screen reader', () => {
    const model = modelOf(image);
    expect(spoken(model, afterKeys(model, 'down'))[0]).toMatch(
      /^Layer 1, COPY b \/, [^,]+, indexed, 1 added, 0 changed, 0 deleted\. 2 of 2\.$/,
    );
  });
});
