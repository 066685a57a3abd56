import { describe, expect, it } from 'vitest';
import { shortestCycles } from './cycles.ts';

describe('shortestCycles', () => {
  it('finds nothing if there is no cycle', () => {
    expect(
      shortestCycles([
        ['roof', 'floor'],
        ['roof', 'ground'],
        ['floor', 'ground'],
      ]),
    ).toEqual([]);
  });

  it('finds cycles of one, two and more nodes', () => {
    expect(
      shortestCycles([
        ['a', 'b'],
        ['b', 'a'],
        ['c', 'd'],
        ['d', 'e'],
        ['e', 'c'],
        ['e', 'a'],
        ['f', 'f'],
      ]),
    ).toEqual([
      ['a', 'b', 'a'],
      ['c', 'd', 'e', 'c'],
      ['f', 'f'],
    ]);
  });

  it('returns the shortest cycle through a node', () => {
    expect(
      shortestCycles([
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
        ['b', 'a'],
      ]),
    ).toEqual([
      ['a', 'b', 'a'],
      ['c', 'a', 'b', 'c'],
    ]);
  });
});
