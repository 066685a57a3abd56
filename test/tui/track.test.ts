import { describe, expect, it } from 'vitest';
import { dir, file, opaque, whiteout } from '../../fixtures/tar.ts';
import { pathLine } from '../../src/tui/selectors/path-line.ts';
import { MARKS } from '../../src/tui/columns/marks.ts';
import { Mark } from '../../src/tui/tree/mark.ts';
import { trackParts } from '../../src/tui/selectors/track.ts';
import { ledgerOf, pathId } from '../ledger-of.ts';

const LAYERS = [
  [file('other', 'x')],
  [file('key', 'one', { mode: 0o644 })],
  [file('other', 'y')],
  [file('key', 'one', { mode: 0o600 })],
  [file('other', 'z')],
  [whiteout('key')],
];

async function lineOf(layers: Parameters<typeof ledgerOf>[0], path: string) {
  const ledger = await ledgerOf(layers);
  return { line: pathLine(ledger, pathId(ledger, path)), count: layers.length };
}

async function drawn(layers: Parameters<typeof ledgerOf>[0], path: string, width = 200, chosen = 0) {
  const { line, count } = await lineOf(layers, path);
  return trackParts(line, count, chosen, width)
    .map(({ text }) => text)
    .join('');
}

describe('the history of a path', () => {
  it('runs through the layers to its end', async () => {
    expect(await drawn(LAYERS, '/key')).toBe('1 [+]-- 2 ----- 3 [m]-- 4 ----- 5 [-]');
  });

  it('continues to the last layer if the path exists', async () => {
    expect(await drawn(LAYERS, '/other')).toBe('0 [+]-- 1 ----- 2 [~]-- 3 ----- 4 [~]-- 5 ----->');
    expect(await drawn([[file('a', '')]], '/a')).toBe('0 [+]-->');
  });

  it('leaves out untouched layers if there is no room', async () => {
    const many = [[file('a', '1')], ...Array.from({ length: 20 }, () => [file('b', '')]), [file('a', '22')]];
    const more = [...many, ...Array.from({ length: 20 }, () => [file('b', '')])];
    expect(await drawn(more, '/a', 60)).toBe('0 [+]-- .. 21 [~]-- .. 41 ----->');
  });

  it('shows only the beads around the chosen one if there is no room', async () => {
    const all = Array.from({ length: 30 }, (_, i) => [file('a', 'x'.repeat(i))]);
    const text = await drawn(all, '/a', 40, 15);
    expect(text).toMatch(/^\.\. .*15 \[~\]-- .*\.\.$/);
    expect(text.length).toBeLessThanOrEqual(40);
  });

  it('describes the change of each layer', async () => {
    const { line } = await lineOf(LAYERS, '/key');
    expect(line.beads.map(({ layer, letter, words }) => `${letter} ${layer} ${words}`)).toEqual([
      '+ 1 added',
      'm 3 mode 0644 to 0600,',
      '- 5 removed',
    ]);
    expect(line.fate).toBe('deleted, recoverable from layers 1 and 3');
  });

  it('has the same letters as the tree', async () => {
    const layers = [[dir('d/'), file('d/a', 'x')], [file('d/a', 'y')], [whiteout('d/a')], [file('d/a', 'z')]];
    const { line } = await lineOf(layers, '/d/a');
    expect(line.beads.map(({ letter }) => letter)).toEqual(
      [Mark.added, Mark.modified, Mark.deleted, Mark.readded].map((mark) => MARKS[mark].letter),
    );
  });

  it('says what removed it', async () => {
    const layers = [[dir('d/'), file('d/a', 'x')], [opaque('d')], [file('d/a', 'y')], [whiteout('d')]];
    const { line } = await lineOf(layers, '/d/a');
    expect(line.beads.map(({ words }) => words)).toEqual([
      'added',
      'removed (/d made opaque)',
      'added again',
      'removed with /d',
    ]);
  });
});
