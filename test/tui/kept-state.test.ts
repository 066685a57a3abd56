import { beforeAll, describe, expect, it } from 'vitest';
import { dir, file } from '../../fixtures/tar.ts';
import type { KeptState } from '../../src/tui/kept-shape.ts';
import { keptState, parseKept } from '../../src/tui/kept-state.ts';
import { type Model, startModel } from '../../src/tui/model.ts';
import { selectedLayer } from '../../src/tui/selectors/layer-rows.ts';
import { Masker } from '../../src/secrets/mask/masker.ts';
import { after, afterKeys, imageOf, modelOf, type TestImage } from './stacked-of.ts';

const BAD_NAME = Uint8Array.from([0x66, 0xff, 0x6f]);

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    { by: 'COPY base /', entries: [dir('etc/'), file('etc/motd', 'hello')] },
    { by: 'COPY app /app', entries: [dir('app/'), file('app/main', 'x'), file(BAD_NAME, 'y')] },
    { by: 'COPY more /app', entries: [dir('app/'), file('app/more', 'z')] },
  ]);
});

/** Returns the model before the layers have been read, with a saved state. */
function startedWith({ look, size }: Model, taken: KeptState): Model {
  return startModel({ size, look, source: 'test.tar', masker: new Masker([]), kept: taken });
}

/** Opens the same image again with the saved state, by way of the JSON in the state file. */
function reopened(left: Model): Model {
  const taken = parseKept(JSON.parse(JSON.stringify(keptState(left))))!;
  return after(startedWith(left, taken), { type: 'stacked', ...image });
}

const place = (model: Model): unknown => ({
  view: model.view,
  focus: model.focus,
  layer: selectedLayer(model),
  path: Buffer.from(model.stacked!.ledger.paths.path(model.tree.cursor)).toString('latin1'),
  reading: model.tree.reading,
  sort: model.tree.sort,
  exactSizes: model.exactSizes,
});

describe('the saved state of an image', () => {
  it.each(['down enter', 'down down a tab', 'down f s s b', '5 down', 'down tab > > + 4'])(
    'is restored after %s',
    (keys) => {
      const left = afterKeys(modelOf(image), keys);
      const again = reopened(left);
      expect(place(again)).toEqual(place(left));
      expect(again.panes).toEqual(left.panes);
      expect(again.message).toBeNull();
    },
  );

  it('restores a path that is not UTF-8', () => {
    const { ledger } = image.stacked;
    const id = ledger.paths.lookup(Buffer.concat([Buffer.from('/'), BAD_NAME]));
    const left = after(modelOf(image), { type: 'goto', path: id, layer: 1 });
    expect(place(reopened(left))).toMatchObject({ layer: 1, path: '/f\xffo' });
  });

  it('is restored after the layers are read unless the user acts first', () => {
    const left = afterKeys(modelOf(image), 'down down');
    const half = { ...image.stacked, complete: false };
    const waiting = after(startedWith(left, keptState(left)), { type: 'stacked', ...image, stacked: half });
    expect(selectedLayer(waiting)).toBe(0);
    expect(selectedLayer(after(waiting, { type: 'stacked', ...image }))).toBe(2);
    const acted = afterKeys(waiting, 'down');
    expect(selectedLayer(after(acted, { type: 'stacked', ...image }))).toBe(1);
  });

  it('saves the kind of tree that was shown before a comparison', () => {
    const compared = afterKeys(modelOf(image), 'a c down');
    expect(keptState(compared).reading).toBe('after');
  });
});

it.each([
  null,
  'text',
  {},
  { version: 2 },
  { ...kept(), view: 'other' },
  { ...kept(), left: -4 },
  { ...kept(), columns: { mode: true } },
  { ...kept(), path: 7 },
])('rejects %j as a saved state', (value) => {
  expect(parseKept(value)).toBeNull();
});

function kept(): object {
  return keptState(
    startModel({
      size: { columns: 80, rows: 24 },
      look: { theme: 'none', level: 0, unicode: false },
      source: '',
      masker: new Masker([]),
    }),
  );
}
