import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exhume, NODE, PROGRAM } from './program.ts';
import { NO_TERMINAL, Terminal } from './terminal.ts';

let folder = '';
let terminal: Terminal | null = null;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'exhume-reader-'));
});

afterEach(() => {
  terminal?.close();
  terminal = null;
  rmSync(folder, { recursive: true, force: true });
});

function start(env: Record<string, string>, ...argv: string[]): Terminal {
  // Without an engine on the PATH, the demonstration image opens immediately.
  const own = { PATH: folder, XDG_STATE_HOME: path.join(folder, 'state'), HOME: folder, ...env };
  return (terminal = new Terminal([NODE, PROGRAM, '--no-state', ...argv], {
    columns: 200,
    rows: 50,
    env: own,
  }));
}

describe.skipIf(NO_TERMINAL !== null)(`--screen-reader${NO_TERMINAL ?? ''}`, () => {
  it('prints each change as a new line on the normal screen', async () => {
    const opened = start({}, '--screen-reader');
    await opened.shows(/Scan finished: \d+ findings/);
    opened.press('Down', 'Down');
    await opened.shows(/Layer 3, COPY \. \., .* 6 of 27\./);
    opened.press('4', 'Down');
    // The terminal breaks long lines, even within a word.
    await opened.shows((screen) => /Findings view\..* 2 of \d+\./.test(screen.replaceAll('\n', '')));
    opened.press('g');
    opened.type('id_ed');
    await opened.shows(/\/root\/\.ssh\/id_ed25519\. 1 of \d/);
    opened.press('Enter');
    const screen = await opened.shows(/\n\/root\/\.ssh\/id_ed25519, .*contains a secret/);
    // All lines are still visible in their order, and nothing is drawn around them.
    expect(screen).toMatch(/Question mark lists[\s\S]*Scan finished:[\s\S]*Findings view[\s\S]*Go to path/);
    expect(screen).not.toMatch(/[│┌─╭|]{2}/);
    opened.press('q');
    expect(await opened.ended()).toBe(0);
  });

  it("can be enabled with Ink's environment variable", async () => {
    const opened = start({ INK_SCREEN_READER: 'true' });
    await opened.shows(/Question mark lists the keys/);
    opened.press('q');
    expect(await opened.ended()).toBe(0);
  });
});

describe('--theme', () => {
  it('accepts the name of a theme', async () => {
    const { status, stderr } = await exhume(['--theme', 'sepia']);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining(
        '--theme sepia: unknown theme; use auto, dark, light, high-contrast, colour-blind, none',
      ),
    ]);
    expect((await exhume(['--theme', 'light'])).status).toBe(0);
  });

  it.skipIf(NO_TERMINAL !== null)('sets the theme of the screen', async () => {
    const opened = start({}, '--theme', 'colour-blind');
    await opened.shows(/\[1 Layers/);
    opened.press('w');
    await opened.shows(/theme: none/);
    opened.press('q');
    await opened.ended();
  });

  describe.skipIf(NO_TERMINAL !== null)("auto, by the terminal's background", () => {
    const LIGHT = '\x1b]11;rgb:ffff/ffff/ffff\x1b\\';
    /** The accents of the two themes in 256 colours. */
    const DARK_KEYS = '38;5;117m';
    const LIGHT_KEYS = '38;5;25m';
    const env = { TERM: 'screen-256color' };

    it('does not read a late answer as typed keys, and changes the colours', async () => {
      const opened = start(env);
      await opened.shows(/RUN rm .*password/);
      expect(opened.painted()).toContain(DARK_KEYS);
      const titleOf = (screen: string) => /Changes of layer \d+/.exec(screen)?.[0];
      const before = titleOf(opened.screen());
      expect(before).toBeDefined();
      opened.answer(LIGHT);
      const screen = await opened.shows(() => opened.painted().includes(LIGHT_KEYS));
      // As keys, its letters would select another layer, switch to the final tree and prompt for a path.
      expect(titleOf(screen)).toBe(before);
      expect(screen).not.toMatch(/Go to path/);
      opened.press('q');
      expect(await opened.ended()).toBe(0);
    });

    it.each([
      ['chosen with --theme', ['--theme', 'dark'], {}, ''],
      ['chosen by key', [], {}, 'ww'],
      ['none, by NO_COLOR', [], { NO_COLOR: '1' }, ''],
    ])('keeps a theme that was %s', async (_, argv, more, keys) => {
      const opened = start({ ...env, ...more }, ...argv);
      await opened.shows(/RUN rm .*password/);
      if (keys !== '') {
        opened.type(keys);
        await opened.shows(/theme: high-contrast/);
      }
      opened.answer(LIGHT);
      opened.press('?');
      await opened.shows(/Help/);
      expect(opened.painted()).not.toContain(LIGHT_KEYS);
    });

    it('uses COLORFGBG if the terminal does not answer', async () => {
      const opened = start({ ...env, COLORFGBG: '0;15' });
      await opened.shows(/RUN rm .*password/);
      expect(opened.painted()).toContain(LIGHT_KEYS);
    });
  });
});
