import { beforeAll, describe, expect, it } from 'vitest';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import type { Model } from '../../src/tui/model.ts';
import { standingLayer } from '../../src/tui/selectors/layer-rows.ts';
import { readingOf, treeOf } from '../../src/tui/selectors/tree-of.ts';
import { decodeName } from '../../src/text/escape.ts';
import { buildLedger } from '../../src/ledger/build.ts';
import { after, afterKeys, imageOf, modelOf, pressKeys, type TestImage } from './stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    { by: 'ADD base.tar /', entries: [dir('etc/'), file('etc/passwd', 'root'), file('bin/sh', '#!')] },
    { by: 'ENV A=1' },
    { by: 'COPY app /app', entries: [dir('app/'), file('app/.env', 'SECRET'), file('app/run.js', 'x')] },
    { by: 'RUN rm /app/.env', entries: [dir('app/'), whiteout('app/.env'), file('etc/passwd', 'root app')] },
  ]);
});

/** Returns the path under the cursor of the tree. */
function cursor(model: Model): string {
  const { ledger } = model.stacked!;
  return model.tree.cursor < 0 ? '' : decodeName(ledger.paths.path(model.tree.cursor)).text;
}

describe('moving through the layers', () => {
  it('starts at the lowest layer, on its first change', () => {
    const model = modelOf(image);
    expect([standingLayer(model), cursor(model)]).toEqual([0, '/bin/sh']);
  });

  it('shows an empty tree for an instruction without a layer', () => {
    const model = afterKeys(modelOf(image), 'j');
    expect(readingOf(model)).toBeNull();
    expect(readingOf(afterKeys(model, 'a'))).toEqual({ kind: 'after', layer: 0 });
  });

  it('skips such an instruction with [ and ], from any pane', () => {
    const model = afterKeys(modelOf(image), 'tab ]');
    expect([model.focus, standingLayer(model)]).toEqual(['tree', 1]);
    expect(standingLayer(afterKeys(model, '['))).toBe(0);
  });

  it('goes to a layer by its number', () => {
    expect(standingLayer(afterKeys(modelOf(image), '# 2 enter'))).toBe(2);
  });

  it('names the valid layer numbers', () => {
    const model = afterKeys(modelOf(image), '# 9 enter');
    expect(model.overlays.at(-1)).toMatchObject({ kind: 'prompt', error: 'type a number from 0 to 2' });
  });

  it('stays on the path if the next layer has it, and remembers the previous one', () => {
    const env = afterKeys(modelOf(image), '] tab G k');
    expect(cursor(env)).toBe('/app/.env');
    const removed = afterKeys(env, ']');
    expect(cursor(removed)).toBe('/app/.env');
    const elsewhere = afterKeys(env, '[');
    expect(cursor(elsewhere)).toBe('/bin/sh');
    expect(cursor(afterKeys(elsewhere, ']'))).toBe('/app/.env');
  });
});

describe('moving through the tree', () => {
  it('collapses and expands; h goes to the parent, l to the child', () => {
    const onApp = afterKeys(modelOf(image), '] tab home');
    expect(cursor(onApp)).toBe('/app');
    const closed = afterKeys(onApp, 'h');
    expect(treeOf(closed)!.rowCount).toBe(1);
    expect(cursor(afterKeys(closed, 'l l'))).toBe('/app/.env');
    expect(cursor(afterKeys(closed, 'l l h'))).toBe('/app');
    expect(afterKeys(closed, 'h').focus).toBe('layers');
  });

  it('goes with Enter from a file to its layer, then to its history, then to another layer of the history', () => {
    const final = afterKeys(modelOf(image), 'f tab * G');
    expect(cursor(final)).toBe('/etc/passwd');
    const there = afterKeys(final, 'enter');
    expect([there.tree.reading, standingLayer(there), cursor(there)]).toEqual(['changes', 2, '/etc/passwd']);
    const line = afterKeys(there, 'enter');
    expect(line.focus).toBe('track');
    const born = afterKeys(line, 'h enter');
    expect([standingLayer(born), cursor(born), born.focus]).toEqual([0, '/etc/passwd', 'track']);
  });

  it('goes to the next change with n and wraps around', () => {
    const model = afterKeys(modelOf(image), '] tab home');
    expect(cursor(afterKeys(model, 'n'))).toBe('/app/.env');
    expect(cursor(afterKeys(model, 'n n n'))).toBe('/app');
    expect(cursor(afterKeys(model, 'N'))).toBe('/app/run.js');
  });

  it('keeps the path when another kind of tree is shown', () => {
    const model = afterKeys(modelOf(image), '] tab G');
    expect(cursor(model)).toBe('/app/run.js');
    const final = afterKeys(model, 'f');
    expect(final.tree.reading).toBe('final');
    expect(cursor(final)).toBe('/app/run.js');
  });
});

describe('a key that does nothing here', () => {
  it('says so and changes nothing', () => {
    const model = afterKeys(modelOf(image), 'tab home');
    expect(cursor(model)).toBe('/bin');
    const told = afterKeys(model, 'p');
    expect(told.message?.text).toBe('no file content here');
    expect(told.overlays).toEqual([]);
    expect(afterKeys(told, 'j').message).toBeNull();
  });

  it('stays silent for Esc if there is nothing to leave', () => {
    expect(afterKeys(modelOf(image), 'esc').message).toBeNull();
  });

  it.each([
    ['2 /', '/ is not bound here; ? lists keys'],
    ['5 z', 'z is not bound here; ? lists keys'],
    ['4 tab', 'tab is not bound here; ? lists keys'],
    ['? x', 'x is not bound here'],
    ['I', 'this archive holds one image'],
    ['7', 'no report to retest; start with --retest REPORT'],
    ['4 K', 'no decided finding to keep as a rule'],
    ['4 a', 'no finding here'],
  ])('says in one short line why %s does nothing', (keys, text) => {
    expect(afterKeys(modelOf(image), keys).message?.text).toBe(text);
  });
});

describe('comparing', () => {
  it('compares the selected layer with the next one', () => {
    const model = afterKeys(modelOf(image), 'c ] ]');
    expect(readingOf(model)).toEqual({ kind: 'between', from: 0, to: 2 });
    expect(readingOf(afterKeys(model, 'c'))).toEqual({ kind: 'changes', layer: 2 });
  });

  it('works in the other direction too', () => {
    expect(readingOf(afterKeys(modelOf(image), '# 2 enter c [ ['))).toEqual({
      kind: 'between',
      from: 0,
      to: 2,
    });
  });
});

describe('filtering', () => {
  it('filters while typing', () => {
    const [typing, effects] = pressKeys(modelOf(image), '/ * . j s');
    const last = effects.at(-1);
    if (last?.type !== 'filter') throw new Error('no filter was asked for');
    expect(last.filter.text).toBe('*.js');
    const { paths } = image.stacked.ledger;
    const matches = Uint8Array.from({ length: paths.count }, (_, id) =>
      decodeName(paths.name(id)).text.endsWith('.js') ? 1 : 0,
    );
    const found = after(typing, { type: 'filtered', filter: last.filter, matches });
    const there = afterKeys(found, 'enter f');
    expect(treeOf(there)!.shown.total).toBe(1);
    expect(afterKeys(there, 'esc').tree.filter).toBeNull();
  });

  it('shows the error in an expression and keeps the prompt open', () => {
    const model = afterKeys(modelOf(image), '/ / ( / enter');
    expect(model.overlays.at(-1)).toMatchObject({ kind: 'prompt', ask: 'filter' });
    expect((model.overlays.at(-1) as { error: string }).error).toContain('Unterminated group');
  });

  it('is cleared with Esc', () => {
    const model = afterKeys(modelOf(image), '/ x esc');
    expect([model.overlays.length, model.tree.filter]).toEqual([0, null]);
  });
});

describe('going to a path', () => {
  it('searches while typing and goes to the last layer that touched the path', () => {
    const [typing, effects] = pressKeys(modelOf(image), 'g e n v');
    expect(effects.at(-1)).toEqual({ type: 'search', query: 'env' });
    const path = image.stacked.ledger.paths.lookup(Buffer.from('/app/.env'));
    const found = after(typing, {
      type: 'found',
      query: 'env',
      found: [{ path, text: '/app/.env', letters: [5, 6, 7], score: 1 }],
      searched: 7,
      total: 7,
      matches: 1,
    });
    const there = afterKeys(found, 'enter');
    expect([cursor(there), standingLayer(there), there.focus]).toEqual(['/app/.env', 2, 'tree']);
  });

  it('ignores the results of an older query', () => {
    const typing = afterKeys(modelOf(image), 'g e n v');
    const found = after(typing, { type: 'found', query: 'en', found: [], searched: 1, total: 7, matches: 5 });
    expect(found.overlays).toEqual(typing.overlays);
  });

  it('keeps the kind of tree if that tree has the path', () => {
    const model = afterKeys(modelOf(image), 'f');
    const path = image.stacked.ledger.paths.lookup(Buffer.from('/bin/sh'));
    const there = after(model, { type: 'goto', path, layer: null });
    expect([there.tree.reading, cursor(there)]).toEqual(['final', '/bin/sh']);
  });

  it('turns off options that hide the path', () => {
    const hidden = afterKeys(modelOf(image), 't down down down space esc');
    expect(hidden.tree.show.deleted).toBe(false);
    const path = image.stacked.ledger.paths.lookup(Buffer.from('/app/.env'));
    const there = after(hidden, { type: 'goto', path, layer: 2 });
    expect([cursor(there), there.tree.show.deleted]).toEqual(['/app/.env', true]);
  });
});

describe('stepping back', () => {
  it('goes one step at a time', () => {
    let model = afterKeys(modelOf(image), 'tab tab z ? ');
    const steps: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      steps.push([model.overlays.length, model.panes.zoom, model.focus]);
      model = afterKeys(model, 'esc');
    }
    expect(steps).toEqual([
      [1, 'track', 'track'],
      [0, 'track', 'track'],
      [0, null, 'track'],
      [0, null, 'tree'],
      [0, null, 'layers'],
    ]);
  });

  it('returns to the layers from another view', () => {
    expect(afterKeys(modelOf(image), '5 esc').view).toBe('layers');
  });
});

describe('commands by name', () => {
  it('do what their key does', () => {
    const model = afterKeys(modelOf(image), ': f i n a l enter');
    expect([model.overlays.length, model.tree.reading]).toEqual([0, 'final']);
  });
});

describe('while layers are being read', () => {
  it('shows the tree of a layer once it is read and keeps the cursor', () => {
    const { ledger } = image.stacked;
    const partly = {
      ...image.stacked,
      complete: false,
      ledger: buildLedger(ledger.paths, [null, ledger.layers[1]!, null]),
    };
    const early = modelOf({ ...image, stacked: partly });
    expect(treeOf(early)!.rowCount).toBe(0);
    const there = afterKeys(early, '] tab G');
    expect(cursor(there)).toBe('/app/run.js');
    const all = after(there, { type: 'stacked', ...image });
    expect([cursor(all), standingLayer(all)]).toEqual(['/app/run.js', 1]);
    expect(treeOf(afterKeys(all, '['))!.rowCount).toBe(4);
  });
});

describe('the mouse', () => {
  it('selects, then opens', () => {
    const model = modelOf(image);
    const press = (at: Model, x: number, y: number) => after(at, { type: 'mouse', kind: 'press', x, y });
    const second = press(model, 5, 6);
    expect([second.layers.row, second.focus]).toEqual([2, 'layers']);
    const inTree = press(second, 70, 4);
    expect([cursor(inTree), inTree.focus]).toEqual(['/app', 'tree']);
    expect(treeOf(press(inTree, 70, 4))!.rowCount).toBe(1);
  });

  it('drags borders', () => {
    const held = after(modelOf(image), { type: 'mouse', kind: 'press', x: 40, y: 5 });
    expect(held.drag).toBe('left');
    const moved = after(held, { type: 'mouse', kind: 'drag', x: 50, y: 5 });
    expect(after(moved, { type: 'mouse', kind: 'release', x: 50, y: 5 })).toMatchObject({
      drag: null,
      panes: { left: 50 },
    });
  });

  it('scrolls and switches views', () => {
    const down = after(modelOf(image), { type: 'mouse', kind: 'wheel-down', x: 5, y: 6 });
    expect(down.layers.row).toBe(3);
    expect(after(down, { type: 'mouse', kind: 'press', x: 15, y: 1 }).view).toBe('deleted');
  });

  it('selects, opens and scrolls in list views, below their titles', () => {
    const mouse = (at: Model, kind: 'press' | 'wheel-down' | 'wheel-up', x: number, y: number): Model =>
      after(at, { type: 'mouse', kind, x, y });
    const config = afterKeys(modelOf(image), '6');
    expect(mouse(config, 'press', 10, 3).lists.config.row).toBe(0);
    expect(mouse(config, 'press', 10, 6).lists.config.row).toBe(2);
    const down = mouse(config, 'wheel-down', 10, 10);
    expect(down.lists.config.row).toBe(3);
    expect(mouse(down, 'wheel-up', 10, 10).lists.config.row).toBe(0);
    // The foot line and the lines below the list are not rows of the list.
    expect(mouse(config, 'press', 10, 28)).toEqual(config);
    const history = mouse(afterKeys(modelOf(image), '5'), 'press', 10, 5);
    expect(history.lists.history.row).toBe(1);
    expect(mouse(mouse(history, 'press', 10, 4), 'press', 10, 4)).toMatchObject({ view: 'layers' });
  });

  it('scrolls an overlay and closes it with a press outside', () => {
    const help = afterKeys(modelOf(image), '?');
    const scrolled = after(help, { type: 'mouse', kind: 'wheel-down', x: 50, y: 10 });
    expect(scrolled.overlays.at(-1)).toMatchObject({ kind: 'help', top: 3 });
    const press = (x: number, y: number) => after(scrolled, { type: 'mouse', kind: 'press', x, y });
    expect(press(50, 10).overlays).toHaveLength(1);
    expect(press(50, 0).overlays).toEqual([]);
    const asked = afterKeys(modelOf(image), '#');
    expect(after(asked, { type: 'mouse', kind: 'press', x: 50, y: 10 }).overlays).toEqual([]);
  });

  it('can be turned off', () => {
    const [off, effects] = pressKeys(modelOf(image), 'm');
    expect(effects).toEqual([{ type: 'mouse', on: false }]);
    expect(after(off, { type: 'mouse', kind: 'press', x: 5, y: 6 }).layers.row).toBe(0);
  });
});

describe('the base', () => {
  it('is one row until expanded', async () => {
    const layers = Array.from({ length: 4 }, (_, i) => ({ by: `RUN ${i}`, entries: [file(`f${i}`, 'x')] }));
    const model = modelOf(await imageOf(layers), { baseLayers: 3 });
    expect(standingLayer(model)).toBe(3);
    const onBase = afterKeys(model, 'home');
    expect(treeOf(onBase)!.rowCount).toBe(1);
    const open = afterKeys(onBase, 'space');
    expect([open.layers.baseOpen, standingLayer(open)]).toEqual([true, 0]);
  });
});
