import { beforeAll, describe, expect, it } from 'vitest';
import { ASKS } from '../../components/prompt-line.ts';
import { emptyWords } from '../../components/tree-words.ts';
import { dir, file } from '../../fixtures/tar.ts';
import { treeOf } from '../../src/tui/selectors/tree-of.ts';
import { afterKeys, imageOf, modelOf, type TestImage } from '../tui/stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    { by: 'COPY . /app', entries: [dir('app/'), file('app/.env', 'x')] },
    { by: 'RUN true', entries: [] },
  ]);
});

describe('what is said where the tree has no row', () => {
  it.each([
    ['c', 'now go to another layer: j k [ ] #'],
    ['/ n o n e', 'no match here; esc ends the filter'],
    ['t space', 'all of it is switched off; t shows'],
    ['j', 'this layer changed nothing'],
  ])('after %s says what to do, in the pane of a small screen', (keys, words) => {
    const model = afterKeys(modelOf(image, { size: { columns: 80, rows: 24 } }), keys);
    expect(emptyWords(model, treeOf(model))).toBe(words);
    expect(words.length).toBeLessThanOrEqual(36);
  });
});

describe('what is said beside a prompt', () => {
  it('has room in half of 80 columns', () => {
    expect(Object.values(ASKS).filter(({ hint }) => hint.length > 40)).toEqual([]);
  });
});
