import { expect, it } from 'vitest';
import { headerLine } from '../../components/header-line.ts';
import { layOut } from '../../src/tui/columns/column-layout.ts';
import { layerColumns } from '../../src/tui/panes/layer-columns.ts';
import { rowSegments } from '../../src/tui/columns/row-segments.ts';
import type { Segment } from '../../src/tui/columns/segment.ts';
import { file } from '../../fixtures/tar.ts';
import type { LayerStatus } from '../../src/ledger/stacked-image.ts';
import type { Model } from '../../src/tui/model.ts';
import { layerRows } from '../../src/tui/selectors/layer-rows.ts';
import { imageOf, modelOf } from '../tui/stacked-of.ts';

/** A screen with two layers, the upper one in this state. */
async function modelWith(status: LayerStatus): Promise<Model> {
  const image = await imageOf([
    { by: 'COPY a /', entries: [file('a')] },
    { by: 'COPY b /', entries: [file('b')] },
  ]);
  const [lower, upper] = image.stacked.layers;
  return modelOf({ ...image, stacked: { ...image.stacked, layers: [lower!, { ...upper!, status }] } });
}

const textOf = (segments: readonly Segment[]): string => segments.map(([, text]) => text).join('');

it.each([
  ['damaged', /INCOMPLETE: 1 layer/, /damaged: COPY b/],
  ['missing', /INCOMPLETE: 1 layer/, /missing .*COPY b/],
  ['opaque', /^(?!.*INCOMPLETE)/, /not a tar: COPY b/],
  ['indexed', /^(?!.*INCOMPLETE)/, / {2}COPY b/],
] as const)(
  'marks a layer that is %s in its row, and an incomplete image in the header',
  async (status, header, row) => {
    const model = await modelWith(status);
    const layout = layOut(layerColumns(model), 60);
    expect(textOf(headerLine(model, 120))).toMatch(header);
    expect(textOf(rowSegments(layout, layerRows(model)[1]!, [null, ' ']))).toMatch(row);
  },
);
