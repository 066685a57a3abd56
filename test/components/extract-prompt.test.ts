import { beforeAll, describe, expect, it } from 'vitest';
import { promptLine } from '../../components/prompt-line.ts';
import { painterOf } from '../../components/painter.ts';
import { dir, file, symlink } from '../../fixtures/tar.ts';
import type { Effect } from '../../src/tui/effects.ts';
import type { Model } from '../../src/tui/model.ts';
import { findingOf } from '../tui/finding-of.ts';
import { after, afterKeys, imageOf, modelOf, pressKeys, type TestImage } from '../tui/stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    {
      by: 'COPY app /app',
      entries: [dir('app/'), file('app/.env', 'x'), file('app/key', 'y'), symlink('app/link', 'key')],
    },
  ]);
});

const LIST = ['.env', 'key'].map((name) => findingOf(name, [{ layer: 0, path: `/app/${name}` }]));
const found = (): Model => after(modelOf(image), { type: 'findings', list: LIST, search: 'done' });

/** Presses keys, then answers as the program around the screen does: with a directory that is free. */
function asked(model: Model, keys: string, free: (folder: string) => string = (folder) => folder): Model {
  const [next, effects] = pressKeys(model, keys);
  return effects.reduce(
    (each, effect) =>
      effect.type === 'ask-extract' ? after(each, { ...effect, folder: free(effect.folder) }) : each,
    next,
  );
}

const extractions = (effects: readonly Effect[]): string[] =>
  effects.flatMap((effect) => (effect.type === 'extract' ? [effect.folder] : []));

const drawn = (model: Model, width = 80): string => {
  const overlay = model.overlays.at(-1);
  if (overlay?.kind !== 'prompt') throw new Error('no prompt');
  return promptLine(overlay, painterOf(model.look), width).replaceAll(/\x1b\[[0-9;]*m/g, '');
};

describe('extracting from the screen', () => {
  it('asks first and shows what, how many and where', () => {
    const model = asked(found(), '4 e');
    expect(drawn(model)).toMatch(/ extract 1 file \(\/app\/\.env\) to: exhume-evidence /);
    expect(drawn(asked(found(), '4 v e'))).toMatch(/ extract 2 files to: exhume-evidence /);
    expect(drawn(asked(modelOf(image), 'tab home e'))).toMatch(/ extract 2 files \(\/app\) to: /);
  });

  it('keeps room for the directory beside a long path', () => {
    const request = { places: [], what: `1 file (/${'deep/'.repeat(60)}key)`, folder: 'out' };
    const line = drawn(after(found(), { type: 'ask-extract', ...request }));
    expect(line.length).toBeLessThanOrEqual(80);
    expect(line).toMatch(/ to: out /);
  });

  it('writes nothing before enter, and nothing after esc', () => {
    const model = asked(found(), '4 e');
    expect(extractions(pressKeys(found(), '4 e')[1])).toEqual([]);
    expect(pressKeys(model, 'esc')).toMatchObject([{ overlays: [] }, []]);
    expect(extractions(pressKeys(model, 'enter')[1])).toEqual(['exhume-evidence']);
  });

  it('accepts another directory but not an empty one', () => {
    const model = asked(found(), '4 e');
    expect(extractions(pressKeys(model, 'ctrl-u o u t enter')[1])).toEqual(['out']);
    const [empty, effects] = pressKeys(model, 'ctrl-u enter');
    expect(effects).toEqual([]);
    expect(drawn(empty)).toContain('type a directory');
  });

  it('suggests the last directory for the rest of the session', () => {
    const typed = afterKeys(asked(found(), '4 e'), 'ctrl-u o u t enter');
    const again = asked(typed, 'e', (folder) => `${folder}-2`);
    expect(drawn(again)).toContain('to: out-2 ');
    // What was proposed and left alone adds no number to the next proposal.
    expect(drawn(asked(afterKeys(again, 'enter'), 'e', (folder) => `${folder}-3`))).toContain('to: out-3 ');
  });
});
