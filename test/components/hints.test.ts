import { beforeAll, describe, expect, it } from 'vitest';
import { painterOf } from '../../components/painter.ts';
import { promptHint, promptLine } from '../../components/prompt-line.ts';
import { emptyWords } from '../../components/tree-words.ts';
import { dir, file } from '../../fixtures/tar.ts';
import { EMPTY_LINE } from '../../src/tui/line-edit.ts';
import { treeOf } from '../../src/tui/selectors/tree-of.ts';
import { afterKeys, imageOf, modelOf, type TestImage } from '../tui/stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    { by: 'COPY . /app', entries: [dir('app/'), file('app/.env', 'x')] },
    { by: 'RUN true', entries: [] },
  ]);
});

describe('the message of an empty tree', () => {
  it.each([
    ['c', 'select the other layer: j k [ ] #'],
    ['/ n o n e', 'no match; esc clears the filter'],
    ['t space', 'all entries are hidden; t shows them'],
    ['j', 'this layer changed nothing'],
  ])('says what to do after %s and fits a small screen', (keys, words) => {
    const model = afterKeys(modelOf(image, { size: { columns: 80, rows: 24 } }), keys);
    expect(emptyWords(model, treeOf(model))).toBe(words);
    expect(words.length).toBeLessThanOrEqual(36);
  });
});

describe('the hint of a prompt', () => {
  it.each(['filter', 'layer', 'search', 'false-alarm', 'accept', 'flag', 'export', 'keep-rules'] as const)(
    'fits half of 80 columns: %s',
    (ask) => {
      const hint = promptHint({ kind: 'prompt', ask, line: EMPTY_LINE, error: null });
      expect(hint.length).toBeLessThanOrEqual(40);
    },
  );

  it('fits half of 80 columns when a value is revealed', () => {
    const line = { before: '0', after: '' };
    const prompt = {
      kind: 'prompt',
      ask: 'reveal',
      count: 999,
      isRevealed: true,
      line,
      error: null,
    } as const;
    expect(promptHint(prompt).length).toBeLessThanOrEqual(40);
  });
});

describe('the prompt before a secret is shown', () => {
  const line = { before: '1', after: '' };
  const drawn = (overlay: Parameters<typeof promptLine>[0]): string =>
    promptLine(overlay, painterOf({ theme: 'none', level: 0, unicode: false }), 80)
      .replaceAll(/\x1b\[[0-9;]*m/g, '')
      .trim();

  it('reads as one sentence around the number', () => {
    const prompt = { kind: 'prompt', ask: 'reveal', count: 3, isRevealed: false, line, error: null } as const;
    expect(drawn(prompt)).toBe('reveal value 1 of 3? enter yes, esc no');
  });

  it('names the program that would show secrets unmasked', () => {
    const prompt = { kind: 'prompt', ask: 'pager', program: 'less', line: EMPTY_LINE, error: null } as const;
    expect(drawn(prompt)).toBe('less shows secrets unmasked. Open it? y/n');
  });
});
