import { beforeAll, describe, expect, it } from 'vitest';
import { spoken } from '../../components/spoken.ts';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import type { Model } from '../../src/tui/model.ts';
import { findingOf } from '../tui/finding-of.ts';
import { after, afterKeys, imageOf, modelOf, type TestImage } from '../tui/stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    { by: 'COPY . /app', entries: [dir('app/'), file('app/key', 'y'), file('app/\u001b[2Jevil', 'x')] },
    { by: 'RUN rm /app/key', entries: [dir('app/'), whiteout('app/key')] },
  ]);
});

/** Returns the lines that are spoken after each key. */
function said(start: Model, keys: string): string[][] {
  let model = start;
  return keys.split(' ').map((key) => {
    const before = model;
    model = afterKeys(model, key);
    return [...spoken(before, model)];
  });
}

describe('the text for a screen reader', () => {
  it('starts with the image and the help key', () => {
    expect(spoken(null, modelOf(image))).toEqual([
      expect.stringMatching(/^exhume, .*Question mark lists the keys, q quits\.$/),
      'Layers view, the layers. Views by number: 1 Layers, 2 Deleted, 3 Setuid, 4 Findings, 5 History, 6 Config.',
    ]);
  });

  it('reads a row as one line, with its position', () => {
    expect(said(modelOf(image), 'down up')).toEqual(
      [
        ['Layer 1, RUN rm /app/key, 2.5 kB, 0 added, 1 changed, 1 deleted. 2 of 2.'],
        ['Layer 0, COPY . /app, 3.0 kB, 3 added, 0 changed, 0 deleted. 1 of 2.'],
      ].map(([line]) => [expect.stringContaining(line!.split(',')[0]!)]),
    );
    expect(said(modelOf(image), 'down')[0]![0]).toMatch(/RUN rm \/app\/key, .*1 deleted\. 2 of 2\.$/);
  });

  it('counts findings of a layer after the scan, and skips counts of unread layers', () => {
    const list = [findingOf('Token', [{ layer: 0, path: '/app/key' }])];
    const found = after(modelOf(image), { type: 'findings', list, search: 'done' });
    expect(said(found, 'down up')[1]![0]).toMatch(/, 3 added, 0 changed, 0 deleted, 1 finding\. 1 of 2\.$/);
    const searching = after(modelOf(image), { type: 'findings', list: [], search: 'running' });
    const more = after(searching, { type: 'findings', list, search: 'running' });
    expect(spoken(searching, more)).toEqual([]);
    const layers = image.stacked.layers.with(1, { ...image.stacked.layers[1]!, status: 'waiting' });
    const unread = modelOf({ ...image, stacked: { ...image.stacked, layers } });
    expect(said(unread, 'down')[0]).toEqual(['Layer 1, RUN rm /app/key, waiting. 2 of 2.']);
  });

  it('reads numbers with their column titles', () => {
    expect(said(modelOf(image), '2')[0]![1]).toMatch(/^size \d+ B, added in 0, removed in 1, \/app\/key, /);
  });

  it('reads the pane title before the row', () => {
    const [tree, next] = said(modelOf(image), 'enter down');
    expect(tree).toEqual([
      'Tree: Changes of layer 0.',
      expect.stringMatching(/^\/app, directory, expanded, added/),
    ]);
    expect(next).toHaveLength(1);
    expect(next![0]).toMatch(/^\/app\/.*added, 1 B\. 2 of 3\.$/);
  });

  it('escapes hostile names', () => {
    const lines = said(modelOf(image), 'enter down down').flat().join('\n');
    expect(lines).toContain('/app/\\x1b[2Jevil');
    expect(lines).not.toContain('\u001b');
  });

  it('reads findings with their details', () => {
    const list = [findingOf('Token', [{ layer: 0, path: '/app/key' }])];
    const model = after(modelOf(image), { type: 'findings', list, search: 'done' });
    expect(spoken(modelOf(image), model)[0]).toMatch(/^Scan finished: 1 finding/);
    const [lines] = said(model, '4');
    expect(lines![0]).toMatch(/^Findings view\. 1 finding/);
    expect(lines![1]).toMatch(/Token, layer 0 \/app\/key.* 1 of 1\.$/);
    // A line for each new finding would drown out the user's own actions.
    const searching = after(modelOf(image), { type: 'findings', list: [], search: 'running' });
    const there = afterKeys(searching, '4');
    const more = after(there, { type: 'findings', list, search: 'running' });
    expect(spoken(there, more)).toHaveLength(1);
  });

  it('reads the help line by line, and prompts', () => {
    const [help] = said(modelOf(image), '?');
    expect(help!.length).toBeGreaterThan(40);
    expect(help).toContain('q ^c: quit');
    const [prompt, typed] = said(modelOf(image), '# 7');
    expect(prompt).toEqual(['Prompt: go to layer (number).']);
    expect(typed).toEqual(['7']);
  });

  it('reads messages once', () => {
    const model = after(modelOf(image), { type: 'told', message: { kind: 'error', text: 'no room' } });
    expect(spoken(modelOf(image), model)).toEqual(['Error: no room']);
    expect(spoken(model, model)).toEqual([]);
    expect(spoken(model, { ...model, size: { columns: 120, rows: 40 } })).toEqual([]);
  });

  it('reads the palette, the Show menu and the path history', () => {
    const [palette, down] = said(modelOf(image), ': down');
    expect(palette![0]).toBe('Commands. Type to search, Enter runs the command.');
    expect(down![0]).toMatch(/\. 2 of \d+\.$/);
    expect(said(modelOf(image), 't')[0]).toEqual(['Show and hide. Space toggles.', '+ added, on. 1 of 12.']);
    const [, , track] = said(modelOf(image), 'enter down tab');
    expect(track![0]).toMatch(/^History of \/app\/.*: /);
    expect(track![1]).toMatch(/^Layer 0: added\. 1 of \d\.$/);
  });
});
