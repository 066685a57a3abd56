import { describe, expect, it } from 'vitest';
import { displayWidth, graphemes } from '../../src/text/width.ts';
import { fc } from '../property.ts';
import { anyText } from './hostile-names.ts';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['plain', 5],
    ['\u65e5\u672c', 4],
    ['e\u0301', 1],
    ['\u{1f600}', 2],
    ['\u{1f1ea}\u{1f1f8}', 2],
    ['\u{1f44d}\u{1f3fd}', 2],
    ['\uff21', 2],
  ])('measures %j', (text, cells) => {
    expect(displayWidth(text)).toBe(cells);
  });
});

describe('graphemes', () => {
  it('keeps marks, flags and families together', () => {
    const family = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}';
    expect(graphemes(`ae\u0301${family}\u{1f1ea}\u{1f1f8}`)).toEqual([
      'a',
      'e\u0301',
      family,
      '\u{1f1ea}\u{1f1f8}',
    ]);
  });

  it('splits without losing text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(graphemes(text).join('')).toBe(text);
      }),
    );
  });
});
