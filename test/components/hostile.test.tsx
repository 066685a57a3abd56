import { Buffer } from 'node:buffer';
import { stripVTControlCharacters } from 'node:util';
import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { Screen } from '../../components/Screen.tsx';
import { file, symlink } from '../../fixtures/tar.ts';
import { displayWidth } from '../../src/text/width.ts';
import { parseConfig } from '../../src/image/config.ts';
import type { Model } from '../../src/tui/model.ts';
import { textLines } from '../../src/tui/preview.ts';
import { VIEWS } from '../../src/tui/views.ts';
import { decodeName, escapeBytes } from '../../src/text/escape.ts';
import { findingOf } from '../tui/finding-of.ts';
import { after, afterKeys, imageOf, modelOf, type TestImage } from '../tui/stacked-of.ts';

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

const TEXTS = NAMES.map((name) => (typeof name === 'string' ? name : decodeName(name).text));

/** What holds for a frame whatever it shows: each row in its place, and nothing in it that acts. */
function check(model: Model): void {
  const { columns, rows } = model.size;
  const lines = renderToString(<Screen model={model} />, { columns }).split('\n');
  expect(lines.length).toBeLessThanOrEqual(rows);
  for (const line of lines) {
    // oxlint-disable-next-line no-control-regex
    const plain = line.replaceAll(/\x1b\[[0-9;]*m/g, '');
    expect(plain).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e\u200b]/);
    expect(displayWidth(plain)).toBeLessThanOrEqual(columns);
  }
}

/** An image in which every text that a view shows is hostile. */
async function hostileImage(): Promise<TestImage> {
  const image = await imageOf([
    {
      by: TEXTS.join(' '),
      entries: NAMES.flatMap((name) => [file(name, 'x', { mode: 0o4755 })]),
    },
    ...TEXTS.map((text) => ({ by: `ENV ${text}=${text}` })),
    { by: `RUN rm ${TEXTS.join(' ')}`, entries: NAMES.slice(0, 6).map((name) => file(name, 'yy')) },
  ]);
  const config = parseConfig({
    os: TEXTS[3],
    architecture: TEXTS[1],
    variant: TEXTS[2],
    created: TEXTS[1],
    author: TEXTS[0],
    config: {
      Env: TEXTS.map((text) => `${text}=${text}`),
      Labels: Object.fromEntries(TEXTS.map((text) => [text, text])),
      Cmd: TEXTS,
      User: TEXTS[0],
      WorkingDir: TEXTS[1],
      ExposedPorts: { [TEXTS[2]!]: {} },
      Volumes: { [TEXTS[4]!]: {} },
    },
    history: image.history.entries.map(({ createdBy, emptyLayer }) => ({
      created_by: createdBy,
      empty_layer: emptyLayer,
      created: TEXTS[1],
      comment: TEXTS[4],
      author: TEXTS[0],
    })),
  });
  return { ...image, stacked: { ...image.stacked, image: { ...image.stacked.image, config } } };
}

describe('hostile texts', () => {
  it.each([
    [80, 24],
    [200, 60],
  ])('stay in their rows in every view at %i by %i', async (columns, rows) => {
    const list = TEXTS.map((text, i) =>
      findingOf(`${text}`, [{ path: `/${text}`, layer: 0, inside: [`tar:${text}`] }], {
        reason: text,
        introducedBy: text,
        remediation: [text],
        suppressed: i % 3 === 2 ? text : null,
        severity: 'high',
      }),
    );
    const build = {
      provenance: null,
      base: [
        { method: 'given', confidence: 'proof', name: TEXTS[0]!, digest: null, layers: 1, reason: TEXTS[4]! },
      ],
    } as const;
    const start = modelOf(await hostileImage(), { size: { columns, rows }, build, baseLayers: 1 });
    const found = after(start, { type: 'findings', list, search: 'done' });
    for (let view = 1; view <= VIEWS.length; view++) {
      let model = afterKeys(found, String(view));
      check(afterKeys(model, 'B'));
      for (const key of ['', 'd', 'x', 'j', 'j', 'j', 'j', 'pagedown', 'G', 'k']) {
        model = afterKeys(model, key);
        check(model);
      }
    }
  });

  it('stay in their rows in overlays and messages', async () => {
    const image = await hostileImage();
    const { ledger } = image.stacked;
    const start = modelOf(image, { size: { columns: 80, rows: 24 } });
    const path = TEXTS.map((text) => ledger.paths.lookup(Buffer.from(`/${text}`))).find((id) => id > 0);
    const preview = after(afterKeys(start, 'tab end p'), {
      type: 'previewed',
      preview: {
        content: { path: path!, layer: 0, entry: 0 },
        title: 'text',
        mode: 'text',
        lines: textLines(Buffer.from(TEXTS.join('\n')), 1),
        offset: 0,
        more: false,
        firstLine: 1,
        size: 9,
        secrets: [],
        revealed: null,
        marked: 3,
      },
    });
    for (const keys of ['', 'w', 'G', 'w G']) check(afterKeys(preview, keys));
    const found = NAMES.map((name) => {
      const bytes = typeof name === 'string' ? Buffer.from(name) : name;
      const id = ledger.paths.lookup(Buffer.concat([Buffer.from('/'), bytes]));
      return { path: id, text: escapeBytes(ledger.paths.path(id)), letters: [1, 2, 3, 4], score: 1 };
    });
    const progress = { found, searched: 9, total: 9, matches: 9 };
    check(after(afterKeys(start, 'g a'), { type: 'found', query: 'a', ...progress }));
    for (const text of TEXTS) {
      check(after(afterKeys(start, '/'), { type: 'text', text }));
      check(after(afterKeys(start, ':'), { type: 'text', text }));
      check(after(start, { type: 'told', message: { kind: 'error', text } }));
      check(after(start, { type: 'failed', message: text }));
    }
  });
});

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

  it('are escaped', async () => {
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

  it('can be selected if not UTF-8', async () => {
    const image = await imageOf([{ by: 'COPY . /', entries: [file(Uint8Array.of(0xff, 0xfe), 'x')] }]);
    const path = image.stacked.ledger.paths.lookup(Buffer.from([0x2f, 0xff, 0xfe]));
    expect(path).toBeGreaterThan(0);
  });
});
