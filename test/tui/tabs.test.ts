import { beforeAll, describe, expect, it } from 'vitest';
import { dir, file } from '../../fixtures/tar.ts';
import type { Model } from '../../src/tui/model.ts';
import { tabSpans } from '../../src/tui/selectors/tabs.ts';
import { RETEST } from './retest-of.ts';
import { after, imageOf, modelOf, type TestImage } from './stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([{ by: 'COPY . /app', entries: [dir('app/'), file('app/.env', 'x')] }]);
});

const sized = (columns: number, findings: number, isRetested: boolean): Model => {
  const start = modelOf(image, { size: { columns, rows: 24 } });
  const counted = after(start, { type: 'counts', counts: { findings } });
  return isRetested ? after(counted, { type: 'retest', retest: RETEST }) : counted;
};

const texts = (model: Model): string[] => tabSpans(model).map(({ text }) => text);

describe('the tabs', () => {
  it.each([
    [80, 4, false],
    [80, 28, true],
    [80, 123_456, true],
    [300, 123_456, true],
  ])('fit a screen of %i columns with %i findings (retested: %s)', (columns, findings, isRetested) => {
    const spans = tabSpans(sized(columns, findings, isRetested));
    expect(spans.at(-1)!.end).toBeLessThanOrEqual(columns);
    spans.forEach(({ text, start, end }, i) => {
      expect(end - start).toBe(text.length);
      expect(start).toBeGreaterThanOrEqual(spans[i - 1]?.end ?? 0);
    });
  });

  it('keep their counts as long as there is room', () => {
    expect(texts(sized(80, 28, true))).toContain(' 4 Findings 28 ');
    expect(texts(sized(80, 123_456, true))).toContain(' 4 Findings ');
    expect(texts(sized(80, 123_456, true)).at(-1)).toBe('[7 Retest 2]');
    expect(texts(sized(300, 123_456, true))).toContain(' 4 Findings 123456 ');
  });
});
