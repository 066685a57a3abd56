import { beforeAll, describe, expect, it } from 'vitest';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import type { Finding } from '../../src/finding/finding.ts';
import { parseConfig } from '../../src/image/config.ts';
import type { Model } from '../../src/tui/model.ts';
import { selectedEntry } from '../../src/tui/selectors/history-rows.ts';
import { selectedLayer } from '../../src/tui/selectors/layer-rows.ts';
import { selectedRow } from '../../src/tui/selectors/list-table.ts';
import { pathId } from '../ledger-of.ts';
import { findingOf } from './finding-of.ts';
import { after, imageOf, modelOf, pressKeys, type TestImage } from './stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  const plain = await imageOf([
    { by: 'ADD base', entries: [dir('etc/'), file('etc/os-release', 'x')] },
    { by: 'ENV TOKEN=x' },
    { by: 'COPY . /app', entries: [dir('app/'), file('app/.env', 'A=1\nTOKEN=2\n')] },
    { by: 'RUN rm /app/.env', entries: [dir('app/'), whiteout('app/.env')] },
  ]);
  const config = parseConfig({ config: { Env: ['PATH=/bin', 'TOKEN=x'] } });
  image = { ...plain, stacked: { ...plain.stacked, image: { ...plain.stacked.image, config } } };
});

/** Enter on the one finding of the Findings view. */
function opened(finding: Finding) {
  const model = after(modelOf(image), { type: 'findings', list: [finding], search: 'done' });
  return pressKeys(model, '4 enter');
}

const cursorPath = (model: Model): number => model.tree.cursor;

describe('Enter on a finding', () => {
  it('goes to its file in its layer and shows the content there, deleted or not', () => {
    const place = { path: '/app/.env', layer: 1, line: 2, offset: 10 };
    const [model, effects] = opened(findingOf('token', [place]));
    expect([model.view, selectedLayer(model)]).toEqual(['layers', 1]);
    expect(cursorPath(model)).toBe(pathId(image.stacked.ledger, '/app/.env'));
    expect(model.overlays.map(({ kind }) => kind)).toEqual(['preview']);
    expect(effects).toMatchObject([
      { type: 'preview', request: { at: { offset: 10, line: 2 }, known: [{ offset: 10, length: 40 }] } },
    ]);
  });

  it('says what it lies inside of where it has no place among the bytes of the file', () => {
    const place = { path: '/app/.env', layer: 1, line: 2, offset: 10, inside: ['gzip', 'tar:a/b'] };
    const [model, effects] = opened(findingOf('token', [place]));
    expect(model.message?.text).toBe('the finding is inside: gzip, tar:a/b');
    expect(effects).toMatchObject([{ type: 'preview', request: { at: null, known: [] } }]);
  });

  it('goes to the history entry whose instruction holds it', () => {
    const [model] = opened(
      findingOf('token', [
        { surface: 'env', key: 'TOKEN' },
        { surface: 'history', historyIndex: 1 },
      ]),
    );
    expect([model.view, selectedEntry(model)]).toEqual(['history', 1]);
  });

  it('names the place if it is in no layer', () => {
    const [model] = opened(findingOf('token', [{ surface: 'attestation', path: 'sha256:12' }]));
    expect([model.view, model.message?.text]).toEqual([
      'findings',
      expect.stringContaining('not in a layer'),
    ]);
  });

  it('goes to the line of the config without a history entry', () => {
    const [model] = opened(findingOf('token', [{ surface: 'env', key: 'TOKEN' }]));
    expect([model.view, selectedRow(model)?.cells[0]]).toEqual(['config', 'env']);
    expect(selectedRow(model)?.cells[1]).toMatch(/^TOKEN=/);
  });
});
