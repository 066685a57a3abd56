import { beforeAll, describe, expect, it } from 'vitest';
import { dir, file } from '../../fixtures/tar.ts';
import type { Model } from '../../src/tui/model.ts';
import { afterKeys, imageOf, modelOf, pressKeys, type TestImage } from './stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    { by: 'COPY app /app', entries: [dir('app/'), file('app/.env', 'SECRET'), file('app/run.js', 'x')] },
  ]);
});

/** The model on `/app/.env`. */
const onEnv = (): Model => afterKeys(modelOf(image), 'tab home j');
const asked = (model: Model): unknown => model.overlays.at(-1);

describe('content in a program that masks nothing', () => {
  it('asks for confirmation', () => {
    const [model, effects] = pressKeys(onEnv(), 'P');
    expect(asked(model)).toMatchObject({ kind: 'prompt', ask: 'pager' });
    expect(effects).toEqual([]);
  });

  it('opens after yes and does not ask again in this session', () => {
    const [agreed, first] = pressKeys(onEnv(), 'P y enter');
    expect(first).toMatchObject([{ type: 'view', viewer: 'pager', content: { layer: 0, entry: 1 } }]);
    const [, second] = pressKeys(agreed, 'j E');
    expect(second).toMatchObject([{ type: 'view', viewer: 'editor', content: { layer: 0, entry: 2 } }]);
  });

  it.each(['E n enter', 'E enter', 'E N o enter', 'E esc'])('is not shown after %s', (keys) => {
    const [model, effects] = pressKeys(onEnv(), keys);
    expect([model.overlays, effects]).toEqual([[], []]);
    // No is no answer for the rest of the session.
    expect(asked(afterKeys(model, 'E'))).toMatchObject({ ask: 'editor' });
  });

  it('asks until the answer is yes or no', () => {
    const [model, effects] = pressKeys(onEnv(), 'P s u r e enter');
    expect(asked(model)).toMatchObject({ error: 'type y or n' });
    expect(effects).toEqual([]);
    expect(pressKeys(model, 'ctrl-u y e s enter')[1]).toMatchObject([{ type: 'view' }]);
  });

  it('does not ask if there is nothing to show', () => {
    expect(asked(afterKeys(modelOf(image), 'tab home P'))).toBeUndefined();
  });
});
