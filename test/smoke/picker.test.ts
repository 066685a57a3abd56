import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dockerArchive } from '../../fixtures/forms.ts';
import { smallImage } from '../engines/small-image.ts';
import { StandIns } from '../engines/stand-ins.ts';
import { NODE, PROGRAM } from './program.ts';
import { NO_TERMINAL, Terminal } from './terminal.ts';

let engines: StandIns;
let terminal: Terminal;

/** Creates a docker with two images, of which it can save one, and a podman without its daemon. */
beforeEach(async () => {
  engines = await StandIns.make();
  const saved = await engines.file(
    'image.tar',
    await dockerArchive([await smallImage('shop/app:2')], { form: 'hybrid' }),
  );
  const rows = ['shop/app', 'shop/worker'].map((name, index) =>
    JSON.stringify({
      Repository: name,
      Tag: '2',
      ID: `sha256:${String(index).repeat(64)}`,
      Size: '5MB',
      CreatedAt: `2026-0${5 - index}-01 10:00:00 +0000 UTC`,
    }),
  );
  const list = await engines.file('docker.list', `${rows.join('\n')}\n`);
  await engines.program(
    'docker',
    `case "$1" in images) exec /bin/cat ${list};; *) exec /bin/cat ${saved};; esac`,
  );
  await engines.complainer('podman', 'Cannot connect to Podman. Is the service running?', 125);
  terminal = started();
});

function started(...options: string[]): Terminal {
  return new Terminal([NODE, PROGRAM, ...options], {
    columns: 80,
    rows: 24,
    env: Object.fromEntries(Object.entries(engines.env).map(([name, value]) => [name, value ?? ''])),
  });
}

afterEach(async () => {
  terminal.close();
  await engines.remove();
});

describe.skipIf(NO_TERMINAL !== null)(`the picker in a real terminal${NO_TERMINAL ?? ''}`, () => {
  it('lists the images of the engines with the engine name, the demonstration image last', async () => {
    const screen = await terminal.shows(/shop\/worker/);
    expect(screen).toMatch(/shop\/app.*2.*docker|docker.*shop\/app.*2/);
    expect(screen.indexOf('shop/app')).toBeLessThan(screen.indexOf('shop/worker'));
    expect(screen.toLowerCase().lastIndexOf('demonstration')).toBeGreaterThan(screen.indexOf('shop/worker'));
    await terminal.shows(/podman/);
    terminal.press('Escape');
    expect(await terminal.ended()).toBe(0);
    expect(terminal.state()).toEqual({ alternateScreen: false, cursorShown: true, mouse: false });
  });

  it('filters by letters, opens with Enter, and leaves no files', async () => {
    await terminal.shows(/shop\/worker/);
    terminal.type('shpap');
    await terminal.shows((screen) => screen.includes('shop/app') && !screen.includes('shop/worker'));
    terminal.press('Enter');
    await terminal.shows(/RUN rm/);
    expect(await engines.calls('docker')).toContain('<save><--><shop/app:2>');
    terminal.press('q');
    expect(await terminal.ended()).toBe(0);
    expect(await engines.leftovers()).toEqual([]);
  });

  it('selects with a click and opens with a second one', async () => {
    const screen = await terminal.shows(/shop\/worker/);
    expect(terminal.state().mouse).toBe(true);
    const y = 1 + screen.split('\n').findIndex((line) => line.includes('demonstration'));
    const click = `\x1b[<0;10;${y}M\x1b[<0;10;${y}m`;
    terminal.answer(click);
    await terminal.shows(/> *the built-in demonstration/);
    terminal.answer(click);
    await terminal.shows(/leaky:1/);
    terminal.press('q');
    expect(await terminal.ended()).toBe(0);
    expect(terminal.state().mouse).toBe(false);
  });

  it('prints numbered lines for a screen reader, and opens the chosen one', async () => {
    terminal.close();
    terminal = started('--screen-reader');
    await terminal.shows(/1\. shop\/app.*\n.*2\. shop\/worker.*\n.*3\. the built-in demonstration/s);
    terminal.type('9');
    terminal.press('BSpace');
    terminal.type('1');
    await terminal.shows(/Enter alone to quit: 1$/m);
    terminal.press('Enter');
    await terminal.shows(/shop\/app:2 has been read: 2 layers/);
    terminal.type('q');
    expect(await terminal.ended()).toBe(0);
  });

  it('has the demonstration image as its last entry', async () => {
    await terminal.shows(/shop\/worker/);
    terminal.press('End', 'Enter');
    await terminal.shows(/leaky:1/);
    terminal.press('q');
    expect(await terminal.ended()).toBe(0);
  });
});
