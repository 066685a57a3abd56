import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLone } from '../../../components/quick/lone-signs.ts';
import { QuickSegmenter } from '../../../components/quick/segmenter.ts';
import { cases, fc } from '../../property.ts';
import { paintedText } from './painted-text.ts';

const plain = new Intl.Segmenter();
const quick = new QuickSegmenter();

describe('what stands in for Intl.Segmenter in the built program', () => {
  it.each(['left │ right', '漢字 and 한글', 'e\u0301 and 👩‍👩‍👧', ''])('divides %j the same', (text) => {
    expect([...quick.segment(text)]).toEqual([...plain.segment(text)]);
  });

  it('divides any text the same', () => {
    fc.assert(
      fc.property(paintedText, fc.integer({ min: -1, max: 40 }), (text, at) => {
        expect([...quick.segment(text)]).toEqual([...plain.segment(text)]);
        expect(quick.segment(text).containing(at)).toEqual(plain.segment(text).containing(at));
      }),
      cases(300),
    );
  });

  it('knows signs as alone only where no neighbour of their kind joins them', () => {
    const signs = Array.from({ length: 0x10000 }, (_, unit) => unit)
      .filter(isLone)
      .map((unit) => String.fromCharCode(unit));
    for (const text of [
      signs.join(''),
      signs.toReversed().join(''),
      signs.flatMap((sign) => [sign, sign]).join(''),
    ]) {
      expect(Array.from(plain.segment(text)).every(({ segment }) => segment.length === 1)).toBe(true);
    }
  });

  it('leaves words and sentences to Intl.Segmenter', () => {
    const options = { granularity: 'word' } as const;
    const text = 'two words';
    const words = [...new QuickSegmenter('en', options).segment(text)];
    expect(words).toEqual([...new Intl.Segmenter('en', options).segment(text)]);
  });

  it('is what the build uses', () => {
    const program = readFileSync(path.join(import.meta.dirname, '../../../build.ts'), 'utf8');
    expect(program).toContain("'Intl.Segmenter': 'QuickSegmenter'");
    expect(program).toContain("inject: ['./components/quick/segmenter.ts']");
  });
});
