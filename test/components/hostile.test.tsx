import { Buffer } from 'node:buffer';
import { stripVTControlCharacters } from 'node:util';
import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { Screen } from '../../components/Screen.tsx';
import { file, symlink } from '../../fixtures/tar.ts';
import { displayWidth } from '../../src/text/width.ts';
import { afterKeys, imageOf, modelOf } from '../tui/stacked-of.ts';

/** Names that would break a screen that draws them as they are. */
const NAMES: readonly (string | Uint8Array)[] = [
  'evil\u202egnp.exe',
  'clear\x1b[2Jscreen',
  'conceal\x1b[8m',
  'link\x1b]8;;http://x\x07y\x1b]8;;\x07',
  'two\nlines',
  'tab\there',
  'zero\u200bwidth',
  'back\\slash',
  '\u6f22\u5b57.txt',
  'family\u{1f469}\u200d\u{1f469}\u200d\u{1f466}.png',
  'e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301',
  '\u05d0\u05d1\u05d2',
  Uint8Array.of(0x66, 0xff, 0xfe),
  `long${'x'.repeat(300)}`,
];

describe('hostile names', () => {
  it('never leave their row, in any pane', async () => {
    const image = await imageOf(
      [
        { by: 'RUN printf "\x1b[2J\u202e" \n second line', entries: NAMES.map((name) => file(name, 'x')) },
        { by: 'COPY l /', entries: [symlink('l', 'to\x1b[31m\nred')] },
      ],
      'evil\x1b[5m/\u202ename:1',
    );
    const size = { columns: 100, rows: 40 };
    let model = modelOf(image, { size });
    for (let i = 0; i < NAMES.length + 2; i++) {
      const lines = renderToString(<Screen model={model} />, { columns: 100 }).split('\n');
      expect(lines.length).toBeLessThanOrEqual(40);
      for (const line of lines) {
        // oxlint-disable-next-line no-control-regex
        const plain = line.replaceAll(/\x1b\[[0-9;]*m/g, '');
        expect(plain).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e\u200b]/);
        expect(displayWidth(plain)).toBeLessThanOrEqual(100);
      }
      model = afterKeys(model, i === 0 ? 'tab home' : 'j');
    }
  });

  it('are written out', async () => {
    const image = await imageOf([{ by: 'COPY . /', entries: NAMES.map((name) => file(name, 'x')) }]);
    const model = modelOf(image, { size: { columns: 120, rows: 40 } });
    const text = stripVTControlCharacters(renderToString(<Screen model={model} />, { columns: 120 }));
    expect(text).toContain('evil\\u{202e}gnp.exe');
    expect(text).toContain('clear\\x1b[2Jscreen');
    expect(text).toContain('two\\x0alines');
    expect(text).toContain('back\\\\slash');
    expect(text).toContain('f\\xff\\xfe');
    expect(text).toContain('\u6f22\u5b57.txt');
  });

  it('that are not UTF-8 can be gone to', async () => {
    const image = await imageOf([{ by: 'COPY . /', entries: [file(Uint8Array.of(0xff, 0xfe), 'x')] }]);
    const path = image.stacked.ledger.paths.lookup(Buffer.from([0x2f, 0xff, 0xfe]));
    expect(path).toBeGreaterThan(0);
  });
});
