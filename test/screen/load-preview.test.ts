import { beforeAll, describe, expect, it } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import { dir, file } from '../../fixtures/tar.ts';
import { zip } from '../../fixtures/zip.ts';
import { loadPreview } from '../../src/screen/load-preview.ts';
import { type ContentRef, type Preview, PREVIEW_WINDOW, type PreviewRequest } from '../../src/tui/preview.ts';
import { Masker } from '../../src/secrets/mask/masker.ts';
import { pathId } from '../ledger-of.ts';
import { imageOf, type TestImage } from '../tui/stacked-of.ts';

const FIRST = githubToken('preview one');
const SECOND = githubToken('preview two');
const ENV = `A=1\nONE=${FIRST}\nB=2\nTWO=${SECOND}\n`;
/** A token that begins before the first window of a large file ends. */
const BEFORE = 'x'.repeat(99) + '\n';
const LINES = Math.floor((PREVIEW_WINDOW - 20) / BEFORE.length);
const GAP = PREVIEW_WINDOW - 20 - LINES * BEFORE.length - 1;
const LARGE = `${BEFORE.repeat(LINES)}${'y'.repeat(GAP)}\n${FIRST}\n${BEFORE.repeat(50_000)}`;
const NOTED = zip([{ name: 'inside.txt', content: 'hello' }], { comment: `by ${FIRST}` });

let image: TestImage;
beforeAll(async () => {
  image = await imageOf([
    {
      by: 'COPY . /app',
      entries: [
        dir('app/'),
        file('app/.env', 'A=1\n'),
        file('app/empty', ''),
        file('app/key', `A=1\nKEY=${FIRST}\n`),
      ],
    },
    {
      by: 'COPY . /app',
      entries: [
        dir('app/'),
        file('app/.env', ENV),
        file('app/large.txt', LARGE),
        file('app/key', `A=1\nKEY=${SECOND}\n`),
        file('app/wide.txt', Buffer.from(`\uFEFFkey ${FIRST}\nnext`, 'utf16le')),
        file('app/tool', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0])),
        file('app/a.zip', zip([{ name: 'inside.txt', content: Buffer.from('hello') }])),
        file('app/noted.zip', NOTED),
        file('app/rude', 'a\u001b[2J\u202eb\rc\n'),
      ],
    },
  ]);
});

function contentOf(path: string, layer = 1): ContentRef {
  const { ledger } = image.stacked;
  const id = pathId(ledger, path);
  return { path: id, layer, entry: ledger.entryOf(ledger.eventAt(id, layer)) };
}

function load(path: string, more: Partial<PreviewRequest> = {}): Promise<Preview> {
  return loadPreview(
    image.stacked,
    {
      content: contentOf(path),
      mode: 'auto',
      offset: 0,
      firstLine: 1,
      before: null,
      at: null,
      reveal: null,
      known: [],
      ...more,
    },
    new Masker([]),
  );
}

const texts = ({ lines }: Preview): string[] => lines.map(({ text }) => text);
const stars = (token: string): string => '*'.repeat(token.length);

describe('a file that holds credentials', () => {
  it('masks them, reports their places and keeps every line', async () => {
    const shown = await load('/app/.env');
    expect(texts(shown)).toEqual(['A=1', `ONE=${stars(FIRST)}`, 'B=2', `TWO=${stars(SECOND)}`]);
    expect(shown.secrets).toEqual([
      { offset: ENV.indexOf(FIRST), length: FIRST.length, line: 1 },
      { offset: ENV.indexOf(SECOND), length: SECOND.length, line: 3 },
    ]);
    expect(shown.revealed).toBeNull();
  });

  it('reveals only the requested one', async () => {
    const shown = await load('/app/.env', { reveal: ENV.indexOf(SECOND) });
    expect(texts(shown)).toEqual(['A=1', `ONE=${stars(FIRST)}`, 'B=2', `TWO=${SECOND}`]);
    expect(shown.revealed).toBe(1);
  });

  it('masks them in hex and in a diff', async () => {
    const hex = await load('/app/.env', { mode: 'hex' });
    const diff = await load('/app/.env', { mode: 'diff', before: contentOf('/app/.env', 0) });
    expect(texts(hex)[0]).toContain('*');
    expect(texts(diff)).toContain(`+ ONE=${stars(FIRST)}`);
    for (const token of [FIRST, SECOND]) {
      expect(texts(hex).join('')).not.toContain(token.slice(0, 8));
      expect(texts(diff).join('')).not.toContain(token.slice(0, 8));
    }
  });

  it('reports a replaced credential in a diff without revealing it', async () => {
    expect(FIRST).toHaveLength(SECOND.length);
    const diff = await load('/app/key', { mode: 'diff', before: contentOf('/app/key', 0) });
    expect(diff.title).toBe('text, compared with layer 0');
    expect(texts(diff)).toEqual([
      'lines that look the same differ in a masked value',
      '@@ -1,2 +1,2 @@',
      '  A=1',
      `- KEY=${stars(FIRST)}`,
      `+ KEY=${stars(SECOND)}`,
    ]);
    const same = await load('/app/key', { mode: 'diff', before: contentOf('/app/key') });
    expect(texts(same)).toEqual(['both versions have the same text']);
  });

  it('masks values that only the scan knows', async () => {
    const shown = await load('/app/.env', { known: [{ offset: 0, length: 3 }] });
    expect(texts(shown)[0]).toBe('***');
    expect(shown.secrets).toHaveLength(3);
  });

  it('marks the line of a byte', async () => {
    const shown = await load('/app/.env', { at: { offset: ENV.indexOf(SECOND), line: 4 } });
    expect([shown.marked, shown.lines[shown.marked!]!.lead]).toEqual([3, '4']);
  });

  it('is decoded as UTF-16 with a byte order mark', async () => {
    expect(texts(await load('/app/wide.txt'))).toEqual([`key ${stars(FIRST)}`, 'next']);
  });
});

describe('a file larger than a window', () => {
  it('masks a credential that straddles two parts in both', async () => {
    const first = await load('/app/large.txt');
    const second = await load('/app/large.txt', { offset: PREVIEW_WINDOW, firstLine: first.lines.length });
    expect([first.more, texts(first).at(-1), texts(second)[0]]).toEqual([
      true,
      '*'.repeat(20),
      '*'.repeat(20),
    ]);
    expect(second.lines[0]!.lead).toBe(first.lines.at(-1)!.lead);
  });

  it('derives line numbers from the known line', async () => {
    const offset = LARGE.indexOf(FIRST);
    const shown = await load('/app/large.txt', { offset: offset - 4096, at: { offset, line: LINES + 2 } });
    expect(shown.lines[shown.marked!]!.lead).toBe(String(LINES + 2));
  });
});

describe('files of other kinds', () => {
  it('are detected by their first bytes', async () => {
    const modes = ['/app/tool', '/app/a.zip', '/app/empty', '/app/rude'].map(async (path) => {
      const { mode, title } = await load(path, { content: contentOf(path, path === '/app/empty' ? 0 : 1) });
      return [mode, title];
    });
    expect(await Promise.all(modes)).toEqual([
      ['hex', expect.stringContaining('ELF')],
      ['members', expect.stringContaining('zip')],
      ['text', 'empty file'],
      ['text', expect.any(String)],
    ]);
    expect(texts(await load('/app/a.zip'))).toEqual(['inside.txt']);
  });

  it('show the bytes of an archive if a byte is requested', async () => {
    const offset = NOTED.indexOf(FIRST);
    const shown = await load('/app/noted.zip', { at: { offset, line: null } });
    expect([shown.mode, shown.marked]).toEqual(['hex', Math.floor(offset / 16)]);
    expect(shown.secrets).toEqual([expect.objectContaining({ offset, length: FIRST.length })]);
    expect(shown.lines[shown.marked!]!.text).toContain('**');
    expect(texts(await load('/app/noted.zip'))).toEqual(['inside.txt']);
  });

  it('have control characters escaped', async () => {
    expect(texts(await load('/app/rude'))).toEqual(['a\\x1b[2J\\u{202e}b\\x0dc']);
  });

  it('say why there is no diff', async () => {
    expect(texts(await load('/app/rude', { mode: 'diff' }))).toEqual(['no earlier version of this file']);
  });
});
