import { describe, expect, it } from 'vitest';
import { isMask, maskOf, masksIn } from '../../../src/secrets/mask/mask-text.ts';

describe('the mask of a credential', () => {
  it('shows the length of the credential and none of its characters', () => {
    expect(maskOf(6)).toBe('******(6)');
    expect(maskOf(40)).toBe('********(40)');
    expect(maskOf(0)).toBe('(0)');
  });

  it('is recognized at every length', () => {
    const lengths = [1, 2, 6, 7, 8, 9, 10, 40, 4096];
    expect(lengths.filter((length) => !isMask(maskOf(length)))).toEqual([]);
  });

  it('is not confused with text that only resembles it', () => {
    const others = [
      '',
      'secret',
      '***',
      '***(40)',
      '********(5)',
      '*********(40)',
      'x********(40)',
      '********(40)x',
    ];
    expect(others.filter(isMask)).toEqual([]);
  });

  it('is found anywhere in a text', () => {
    const text = `A=${maskOf(3)} B=${maskOf(40)}`;
    expect(masksIn(text).map(({ start, end }) => text.slice(start, end))).toEqual([maskOf(3), maskOf(40)]);
  });
});
