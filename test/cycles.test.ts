import { describe, expect, it } from 'vitest';
import { shortestCycles } from './cycles.ts';

describe('the search for import cycles', () => {
  it('finds nothing where all imports lead down', () => {
    expect(
      shortestCycles([
        ['roof', 'floor'],
        ['roof', 'ground'],
        ['floor', 'ground'],
      ]),
    ).toEqual([]);
  });

  it('finds a cycle of two, of several, and an import of oneself', () => {
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

  it('names the shortest way around', () => {
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
