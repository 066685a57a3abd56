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
  // No engine on the PATH: the demonstration image opens without asking.
  const own = { PATH: folder, XDG_STATE_HOME: path.join(folder, 'state'), HOME: folder, ...env };
  return (terminal = new Terminal([NODE, PROGRAM, '--no-state', ...argv], {
    columns: 200,
    rows: 50,
    env: own,
  }));
}

describe.skipIf(NO_TERMINAL !== null)(`for a screen reader${NO_TERMINAL ?? ''}`, () => {
  it('each change is a line below the others, on the screen that was there', async () => {
    const opened = start({}, '--screen-reader');
    await opened.shows(/Scan finished: \d+ findings/);
    opened.press('Down', 'Down');
    await opened.shows(/Layer 3, COPY \. \., .* 6 of 27\./);
    opened.press('4', 'Down');
    // The terminal breaks long lines, in the middle of a word too.
    await opened.shows((screen) => /Findings view\..* 2 of \d+\./.test(screen.replaceAll('\n', '')));
    opened.press('g');
    opened.type('id_ed');
    await opened.shows(/\/root\/\.ssh\/id_ed25519\. 1 of \d/);
    opened.press('Enter');
    const screen = await opened.shows(/\n\/root\/\.ssh\/id_ed25519, .*a secret stands in it/);
    // All that was said is still there, in its order, and nothing is drawn around it.
    expect(screen).toMatch(/Question mark lists[\s\S]*Scan finished:[\s\S]*Findings view[\s\S]*Go to path/);
    expect(screen).not.toMatch(/[│┌─╭|]{2}/);
    opened.press('q');
    expect(await opened.ended()).toBe(0);
  });

  it("Ink's own variable asks for it too", async () => {
    const opened = start({ INK_SCREEN_READER: 'true' });
    await opened.shows(/Question mark lists the keys/);
    opened.press('q');
    expect(await opened.ended()).toBe(0);
  });
});

describe('--theme', () => {
  it('takes a theme that there is', async () => {
    const { status, stderr } = await exhume(['--theme', 'sepia']);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('--theme sepia: it takes auto, dark, light, high-contrast, colour-blind, none'),
    ]);
    expect((await exhume(['--theme', 'light'])).status).toBe(0);
  });

  it.skipIf(NO_TERMINAL !== null)('is what the screen begins with', async () => {
    const opened = start({}, '--theme', 'colour-blind');
    await opened.shows(/\[1 Layers/);
    opened.press('w');
    await opened.shows(/theme: none/);
    opened.press('q');
    await opened.ended();
  });

  describe.skipIf(NO_TERMINAL !== null)("auto: by the terminal's background", () => {
    const LIGHT = '\x1b]11;rgb:ffff/ffff/ffff\x1b\\';
    /** The accents of the two themes in 256 colours. */
    const DARK_KEYS = '38;5;117m';
    const LIGHT_KEYS = '38;5;25m';
    const env = { TERM: 'screen-256color' };

    it('an answer that comes late is no typed key, and changes the colours', async () => {
      const opened = start(env);
      await opened.shows(/RUN rm .*password/);
      expect(opened.painted()).toContain(DARK_KEYS);
      const titleOf = (screen: string) => /Changes of layer \d+/.exec(screen)?.[0];
      const before = titleOf(opened.screen());
      expect(before).toBeDefined();
      opened.answer(LIGHT);
      const screen = await opened.shows(() => opened.painted().includes(LIGHT_KEYS));
      // As keys its letters would go to another layer, turn to the final tree and ask for a path.
      expect(titleOf(screen)).toBe(before);
      expect(screen).not.toMatch(/Go to path/);
      opened.press('q');
      expect(await opened.ended()).toBe(0);
    });

    it.each([
      ['chosen with --theme', ['--theme', 'dark'], {}, ''],
      ['chosen by key', [], {}, 'ww'],
      ['none, by NO_COLOR', [], { NO_COLOR: '1' }, ''],
    ])('a theme that was %s stays', async (_, argv, more, keys) => {
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

    it('where COLORFGBG tells and the terminal does not, it is believed', async () => {
      const opened = start({ ...env, COLORFGBG: '0;15' });
      await opened.shows(/RUN rm .*password/);
      expect(opened.painted()).toContain(LIGHT_KEYS);
    });
  });
});
