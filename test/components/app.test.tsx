import { render } from 'ink-testing-library';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { App } from '../../components/App.tsx';
import { file } from '../../fixtures/tar.ts';
import type { Effect } from '../../src/tui/effects.ts';
import { standingLayer } from '../../src/tui/selectors/layer-rows.ts';
import { createStore, type Store } from '../../src/tui/store.ts';
import { imageOf, modelOf, type TestImage } from '../tui/stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf(
    Array.from({ length: 9 }, (_, i) => ({ by: `RUN ${i}`, entries: [file(`f${i}`, '')] })),
  );
});

let app: ReturnType<typeof render> | null = null;
afterEach(() => {
  app?.unmount();
  app = null;
});

async function started(): Promise<{
  store: Store;
  effects: Effect[];
  type: (text: string) => Promise<void>;
}> {
  const effects: Effect[] = [];
  const store = createStore(modelOf(image), (effect) => effects.push(effect));
  app = render(<App store={store} onReady={() => {}} onClose={() => {}} />);
  /** Gives Ink and React several turns: on a busy machine one turn may take longer than all of them should. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setTimeout(resolve, 4));
  };
  await settle();
  return {
    store,
    effects,
    type: async (text) => {
      app!.stdin.write(text);
      await settle();
    },
  };
}

describe('the program', () => {
  it('draws the model', async () => {
    const { type } = await started();
    expect(app!.lastFrame()).toContain('Changes of layer 0');
    await type('j');
    expect(app!.lastFrame()).toContain('Changes of layer 1');
  });

  it('handles many keys that arrive at once', async () => {
    const { store, type } = await started();
    await type('jjjj');
    expect(standingLayer(store.model())).toBe(4);
  });

  it('handles arrows, pages and Esc', async () => {
    const { store, type } = await started();
    await type('\x1b[B\x1b[B');
    expect(standingLayer(store.model())).toBe(2);
    await type('\x1b[6~');
    expect(standingLayer(store.model())).toBe(8);
    await type('?');
    expect(store.model().overlays.length).toBe(1);
    await type('\x1b');
    expect(store.model().overlays.length).toBe(0);
  });

  it('treats pasted text as text, not as keys', async () => {
    const { store, effects, type } = await started();
    await type('\x1b[200~qqq\x1b[201~');
    expect(effects).toEqual([]);
    await type('g');
    await type('\x1b[200~f3\nq\x1b[201~');
    expect(store.model().overlays.at(-1)).toMatchObject({ line: { before: 'f3 q', after: '' } });
  });

  it('quits with q and Ctrl-C', async () => {
    const { effects, type } = await started();
    await type('q\x03');
    expect(effects).toEqual([{ type: 'quit' }, { type: 'quit' }]);
  });
});
