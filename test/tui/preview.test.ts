import { beforeAll, describe, expect, it } from 'vitest';
import { dir, file } from '../../fixtures/tar.ts';
import type { Effect } from '../../src/tui/effects.ts';
import { textLines, type Preview } from '../../src/tui/preview.ts';
import { keyAction } from '../../src/tui/key-actions.ts';
import type { Model } from '../../src/tui/model.ts';
import { footKeys } from '../../src/tui/foot-keys.ts';
import { update } from '../../src/tui/update.ts';
import { pathId } from '../ledger-of.ts';
import { after, afterKeys, imageOf, modelOf, pressKeys, type TestImage } from './stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([{ by: 'COPY . /app', entries: [dir('app/'), file('app/.env', 'A=1\nB=2\n')] }]);
});

/** A preview of `/app/.env` as the reading of it would bring it, with two covered values. */
function shown(more: Partial<Preview> = {}): Preview {
  const path = pathId(image.stacked.ledger, '/app/.env');
  return {
    content: { path, layer: 0, entry: 1 },
    title: 'text',
    mode: 'text',
    lines: textLines(Buffer.from('A=*\nB=*\n'), 1),
    offset: 0,
    more: false,
    firstLine: 1,
    size: 8,
    secrets: [
      { offset: 2, length: 1, line: 0 },
      { offset: 6, length: 1, line: 1 },
    ],
    revealed: null,
    marked: null,
    ...more,
  };
}

/** What the foot line says of the keys over a preview. */
const footWords = (model: Model): string[] => footKeys(model).map(({ word }) => word);

/** The screen with a preview over it. */
function previewed(more: Partial<Preview> = {}): Model {
  const opened = afterKeys(modelOf(image), 'tab end p');
  return after(opened, { type: 'previewed', preview: shown(more) });
}

/** What reading a file was asked for by keys. */
function requests(effects: readonly Effect[]) {
  return effects.flatMap((effect) => (effect.type === 'preview' ? [effect.request] : []));
}

describe('revealing a masked value', () => {
  it('asks first and suggests the first visible value', () => {
    const [model, effects] = pressKeys(previewed(), 'R');
    expect(model.overlays.at(-1)).toMatchObject({ kind: 'prompt', ask: 'reveal', line: { before: '1' } });
    expect(effects).toEqual([]);
  });

  it('suggests the value of the marked line', () => {
    const model = afterKeys(previewed({ marked: 1 }), 'R');
    expect(model.overlays.at(-1)).toMatchObject({ line: { before: '2' } });
  });

  it('reads the file again with that value unmasked, at its line', () => {
    const [model, effects] = pressKeys(previewed({ marked: 1 }), 'R enter');
    expect(requests(effects)).toMatchObject([{ reveal: 6, at: { offset: 6 } }]);
    expect(model.overlays.at(-1)?.kind).toBe('preview');
  });

  it('masks a revealed value again', () => {
    const [, effects] = pressKeys(previewed({ revealed: 0 }), 'R enter');
    expect(requests(effects)).toMatchObject([{ reveal: null }]);
  });

  it('names the valid numbers', () => {
    const [model, effects] = pressKeys(previewed({ marked: 1 }), 'R 2 enter');
    expect(model.overlays.at(-1)).toMatchObject({ kind: 'prompt', error: 'type a number from 0 to 2' });
    expect(effects).toEqual([]);
  });

  it('has no key if nothing is masked', () => {
    const model = previewed({ secrets: [] });
    const action = keyAction(model, 'R');
    expect(action === null ? model.overlays : update(model, action)[0].overlays).toEqual(model.overlays);
  });

  it('ends when the mode changes', () => {
    const [, effects] = pressKeys(previewed({ revealed: 0 }), 'x');
    expect(requests(effects)).toMatchObject([{ mode: 'hex', reveal: null }]);
  });
});

describe('the foot line over a preview', () => {
  it('shows the available keys', () => {
    const plain = footWords(previewed({ secrets: [] }));
    expect(plain).toEqual(expect.arrayContaining(['hex', 'diff', 'search', 'close']));
    for (const word of ['reveal', 'more', 'next']) expect(plain).not.toContain(word);
    expect(footWords(previewed())).toContain('reveal');
    expect(footWords(previewed({ more: true }))).toContain('more');
    expect(footWords(afterKeys(previewed(), '/ A enter'))).toContain('next');
  });
});
