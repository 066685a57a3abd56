import { stripVTControlCharacters } from 'node:util';
import { renderToString } from 'ink';
import { beforeAll, describe, expect, it } from 'vitest';
import { Screen } from '../../components/Screen.tsx';
import { file } from '../../fixtures/tar.ts';
import { displayWidth } from '../../src/text/width.ts';
import type { Model } from '../../src/tui/model.ts';
import { hexLines, type Preview, textLines } from '../../src/tui/preview.ts';
import { pathId } from '../ledger-of.ts';
import { after, afterKeys, imageOf, modelOf, type TestImage } from '../tui/stacked-of.ts';

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([{ by: 'COPY . /', entries: [file('漢字.env', 'x')] }]);
});

function previewed(more: Partial<Preview>): Model {
  const model = afterKeys(modelOf(image, { size: { columns: 80, rows: 24 } }), 'tab p');
  const preview: Preview = {
    content: { path: pathId(image.stacked.ledger, '/漢字.env'), layer: 0, entry: 0 },
    title: 'text',
    mode: 'text',
    lines: textLines(Buffer.from('A=1\nTOKEN=****\nB=2'), 1),
    offset: 0,
    more: false,
    firstLine: 1,
    size: 18,
    secrets: [{ offset: 10, length: 4, line: 1 }],
    revealed: null,
    marked: null,
    ...more,
  };
  return after(model, { type: 'previewed', preview });
}

function drawn(model: Model): string[] {
  return stripVTControlCharacters(renderToString(<Screen model={model} />, { columns: 80 })).split('\n');
}

describe('the preview on a small screen', () => {
  it('counts masked values and marks the requested line', () => {
    const text = drawn(previewed({ marked: 1 })).join('\n');
    expect(text).toContain('1 masked');
    expect(text).toMatch(/> 2 TOKEN=\*{4}/);
  });

  it('warns in capitals while a value is revealed', () => {
    expect(drawn(previewed({ revealed: 0 })).join('\n')).toContain('UNMASKED: 1 of 1');
  });

  it('stays visible behind the reveal prompt', () => {
    const lines = drawn(afterKeys(previewed({}), 'R'));
    expect(lines.join('\n')).toContain('TOKEN=****');
    expect(lines.at(-1)).toContain('reveal value 1 of 1? enter yes, esc no');
  });

  it('has room for a whole line of hex', () => {
    const bytes = Buffer.from('0123456789abcdef');
    const text = drawn(previewed({ mode: 'hex', lines: hexLines(bytes, 0) })).join('\n');
    expect(text).toContain('0123456789abcdef |');
    const marked = drawn(previewed({ mode: 'hex', lines: hexLines(bytes, 0), marked: 0 })).join('\n');
    expect(marked).toMatch(/00000000> 30 31 .* 0123456789abcdef \|/);
  });

  it('keeps its frame straight for any name', () => {
    const framed = drawn(previewed({})).filter((line) => /^[+|].*[+|]$/.test(line.trim()));
    expect(framed.length).toBeGreaterThan(10);
    expect(new Set(framed.map((line) => displayWidth(line.trim())))).toEqual(new Set([80]));
  });
});
