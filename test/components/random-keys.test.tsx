import { stripVTControlCharacters } from 'node:util';
import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { Screen } from '../../components/Screen.tsx';
import { dir, file, opaque, symlink, whiteout } from '../../fixtures/tar.ts';
import { keyAction } from '../../src/tui/key-actions.ts';
import { KEYMAP } from '../../src/tui/keymap.ts';
import type { Model } from '../../src/tui/model.ts';
import { layoutOf, listRows } from '../../src/tui/selectors/layout.ts';
import { treeOf } from '../../src/tui/selectors/tree-of.ts';
import { displayWidth } from '../../src/text/width.ts';
import { update } from '../../src/tui/update.ts';
import { imageOf, modelOf } from '../tui/stacked-of.ts';

const KEYS = [...new Set(KEYMAP.flatMap(({ keys }) => keys)), 'x', '7', '\u6f22', '\u{1f469}'];

/** The Park-Miller generator, so that every run presses the same keys. */
function* randomNumbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 48271) % 2147483647;
    yield state;
  }
}

/** Checks the invariants that hold after any key. */
function check(model: Model): void {
  const tree = treeOf(model);
  if (tree !== null && tree.rowCount > 0) {
    const row = tree.rowOf(model.tree.cursor);
    const { top } = model.tree;
    expect(row).toBeGreaterThanOrEqual(top);
    const pane = layoutOf(model).panes.tree;
    if (pane !== null) expect(row).toBeLessThan(top + listRows(pane));
  }
  expect(model.layers.row).toBeGreaterThanOrEqual(0);
}

describe('random keys', () => {
  for (const seed of [1, 7, 42]) {
    it(`never break the screen (seed ${seed})`, async () => {
      const files = Array.from({ length: 80 }, (_, i) => file(`srv/data/deep/file-${i}`, 'x'.repeat(i)));
      const image = await imageOf([
        { by: 'ADD base /', entries: [dir('etc/'), file('etc/passwd', 'root'), ...files] },
        { by: 'ENV A=1' },
        { by: 'RUN one', entries: [file('etc/passwd', 'root2'), symlink('etc/l', 'passwd')] },
        { by: 'RUN two', entries: [whiteout('etc/passwd'), opaque('srv/data')] },
        { by: 'RUN nothing', entries: [] },
      ]);
      let model = modelOf(image, { size: { columns: 90, rows: 26 }, baseLayers: 2 });
      const random = randomNumbers(seed);
      for (let i = 0; i < 700; i++) {
        const action = keyAction(model, KEYS[random.next().value % KEYS.length]!);
        if (action === null || (action.type === 'command' && action.command === 'next-theme')) continue;
        [model] = update(model, action);
        check(model);
        if (i % 25 !== 0) continue;
        const lines = stripVTControlCharacters(
          renderToString(<Screen model={model} />, { columns: 90 }),
        ).split('\n');
        expect(lines.length).toBeLessThanOrEqual(26);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(90);
      }
    });
  }
});
