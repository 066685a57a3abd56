import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeImages } from './images.ts';
import { NODE, PROGRAM } from './program.ts';
import { NO_TERMINAL, Terminal, type TerminalOptions, type TerminalState } from './terminal.ts';

const RESTORED: TerminalState = { alternateScreen: false, cursorShown: true, mouse: false };

let folder = '';
let images: ReadonlyMap<string, string>;
let terminal: Terminal | null = null;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-smoke-'));
  images = await writeImages(folder);
});

afterEach(() => {
  terminal?.close();
  terminal = null;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts the program in a terminal and waits until it has read the image. */
async function start(image: string | null, options: TerminalOptions = {}): Promise<Terminal> {
  const argv = image === null ? [] : [images.get(image)!];
  terminal = new Terminal([NODE, PROGRAM, ...argv], options);
  await terminal.shows(image === null || image === 'demo' ? /leaky:1/ : /app:2/);
  await terminal.shows(image === null || image === 'demo' ? /RUN rm .*password/ : /RUN edit/);
  return terminal;
}

/** A module for `--import` that fails in the program's main thread when SIGUSR2 arrives. */
async function failingModule(statement: string): Promise<string> {
  const file = path.join(folder, 'fail-later.mjs');
  await writeFile(
    file,
    `import { isMainThread } from 'node:worker_threads';
if (isMainThread) process.on('SIGUSR2', () => { ${statement} });
`,
  );
  return `--import=${pathToFileURL(file).href}`;
}

describe.skipIf(NO_TERMINAL !== null)(`the screen in a real terminal${NO_TERMINAL ?? ''}`, () => {
  it('starts on the alternate screen with the demonstration image, and q quits', async () => {
    const program = await start(null);
    expect(program.state()).toMatchObject({ alternateScreen: true, cursorShown: false });
    program.press('q');
    expect(await program.ended()).toBe(0);
    expect(program.state()).toEqual(RESTORED);
    expect(program.screen()).not.toContain('leaky');
  });

  it('is complete and obeys keys that were typed before it appeared', async () => {
    terminal = new Terminal([NODE, PROGRAM], { columns: 80, rows: 24 });
    terminal.type('jj');
    const screen = await terminal.shows(/RUN rm .*password/);
    expect(screen.split('\n')[0]).toMatch(/^ exhume {2}exhume\/leaky:1 /);
    await terminal.shows(/^> +\d+ .*COPY/m);
    terminal.press('q');
    expect(await terminal.ended()).toBe(0);
    expect(terminal.state()).toEqual(RESTORED);
  });

  it('restores its state when the image is opened again, except with --no-state', async () => {
    const env = { XDG_STATE_HOME: path.join(folder, 'state') };
    const first = await start('docker-archive', { env });
    first.press('f');
    await first.shows(/Final tree/);
    first.press('q');
    expect(await first.ended()).toBe(0);
    first.close();
    const again = await start('docker-archive', { env });
    await again.shows(/Final tree/);
    again.press('q');
    expect(await again.ended()).toBe(0);
    again.close();
    terminal = new Terminal([NODE, PROGRAM, '--no-state', images.get('docker-archive')!], { env });
    expect(await terminal.shows(/RUN edit/)).not.toContain('Final tree');
  });

  it('appears with CI=true too if there is a terminal', async () => {
    const program = await start('docker-archive', { env: { CI: 'true' } });
    expect(program.state().alternateScreen).toBe(true);
  });

  it('opens a zstd image', async () => {
    const program = await start('oci zstd, many frames');
    await program.shows(/main\.js/);
    program.press('q');
    expect(await program.ended()).toBe(0);
  });

  it('selects a layer with the arrow keys and shows its changes', async () => {
    const program = await start('docker-archive');
    await program.shows(/main\.js/);
    program.press('Down', 'Down', 'Down');
    await program.shows(/^> +2 /m);
    program.press('Up', 'Up', 'Up');
    await program.shows(/^> +0 /m);
  });

  it('filters with / and clears the filter with Escape', async () => {
    const program = await start('docker-archive');
    await program.shows(/main\.js/);
    program.press('Tab', '/');
    program.type('notes');
    const filtered = await program.shows((screen) => !/ tool\b/.test(screen));
    expect(filtered).toContain('notes.txt');
    program.press('Escape');
    expect(await program.shows(/ tool\b/)).toContain('main.js');
  });

  it('asks before it extracts with e, and shows where it wrote', async () => {
    const target = path.join(await mkdtemp(path.join(folder, 'extract-')), 'out');
    const program = await start('docker-archive');
    await program.shows(/main\.js/);
    program.press('Tab', 'Home', 'e');
    await program.shows(/extract \d+ files? \(.*\) to: exhume-evidence/);
    program.press('Escape', 'e', 'C-u');
    program.type(target);
    expect(existsSync(target)).toBe(false);
    program.press('Enter');
    await program.shows(/\d+ files? in .*\/out\//);
    expect(existsSync(path.join(target, 'exhume-evidence.json'))).toBe(true);
  });

  it('uses and shows custom key bindings instead of the default ones', async () => {
    const keys = path.join(folder, 'keys.yaml');
    await writeFile(keys, 'global:\n  quit: W\n  help: H\n');
    terminal = new Terminal([NODE, PROGRAM, '--keys', keys, images.get('docker-archive')!]);
    await terminal.shows(/W quit {2}H \d+ more/);
    terminal.press('q', '?', 'H', 'End');
    await terminal.shows(/W \^c +quit/);
    terminal.press('q', 'W');
    expect(await terminal.ended()).toBe(0);
  });

  it('reports invalid custom key bindings before the screen starts', async () => {
    const keys = path.join(folder, 'wrong-keys.yaml');
    await writeFile(keys, 'global:\n  quitt: W\n');
    terminal = new Terminal([NODE, PROGRAM, '--keys', keys, images.get('docker-archive')!]);
    expect(await terminal.ended()).toBe(2);
    expect(terminal.screen()).toContain('wrong-keys.yaml:2: quitt is not an action; did you mean quit?');
  });

  it('shows the keys with ?', async () => {
    const program = await start('docker-archive');
    program.press('?');
    await program.shows(/Help/);
    program.press('Escape');
    await program.shows((screen) => !/Help/.test(screen) && /main\.js/.test(screen));
    program.press('q');
    expect(await program.ended()).toBe(0);
  });

  it('follows the size of the terminal, down to a small one and back', async () => {
    const program = await start('docker-archive');
    program.resize(60, 16);
    await program.shows((screen) => fits(screen, 60, 16) && /80 columns and 24 rows/.test(screen));
    program.resize(20, 5);
    await program.shows((screen) => fits(screen, 20, 5));
    program.resize(160, 48);
    await program.shows((screen) => /RUN edit/.test(screen) && /main\.js/.test(screen));
    program.press('q');
    expect(await program.ended()).toBe(0);
  });

  it('has every row in its place after the terminal becomes narrower', async () => {
    const fresh = await start('docker-archive', { columns: 80, rows: 24 });
    await fresh.rests();
    const wanted = fresh.screen();
    fresh.close();
    const program = await start('docker-archive', { columns: 120, rows: 24 });
    await program.rests();
    for (const columns of [80, 160, 80]) {
      program.resize(columns, 24);
      await program.rests();
    }
    expect(program.screen()).toBe(wanted);
    program.press('q');
    expect(await program.ended()).toBe(0);
  });

  it('reads all keys that are typed quickly', async () => {
    const program = await start('docker-archive');
    program.type('???');
    await program.shows(/Help/);
    program.press('Escape');
    // Escape and a letter in one read would be Alt with that letter.
    await program.shows((screen) => !/Help/.test(screen));
    program.type('q');
    expect(await program.ended()).toBe(0);
  });

  it('survives 2,000 random keys and size changes, and quits normally', async () => {
    const program = await start('docker-archive', { env: { PAGER: 'true', EDITOR: 'true' } });
    const keys = randomKeys(2000);
    for (let at = 0; at < keys.length; at += 50) {
      program.type(keys.slice(at, at + 50).join(''));
      if (at % 400 === 0) program.resize(80 + (at % 90), 24 + (at % 30));
      // Send Escape alone: with a letter in the same read it would be another key.
      program.press('Escape');
    }
    await leave(program);
    expect(await program.ended()).toBe(0);
    expect(program.state()).toEqual(RESTORED);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('restores the terminal after %s', async (signal, status) => {
    const program = await start('docker-archive');
    program.signal(signal);
    expect(await program.ended()).toBe(status);
    expect(program.state()).toEqual(RESTORED);
  });

  it('quits with Ctrl-C as with q', async () => {
    const program = await start('docker-archive');
    program.press('C-c');
    expect([0, 130]).toContain(await program.ended());
    expect(program.state()).toEqual(RESTORED);
  });

  it.each([
    ['an exception', `throw new Error('planned failure');`],
    ['a rejected promise', `Promise.reject(new Error('planned failure'));`],
  ])('restores the terminal after %s, and prints the error', async (_, statement) => {
    const program = await start('docker-archive', { env: { NODE_OPTIONS: await failingModule(statement) } });
    program.signal('SIGUSR2');
    expect(await program.ended()).not.toBe(0);
    expect(program.state()).toEqual(RESTORED);
    expect(program.screen()).toContain('planned failure');
  });
});

/** Keys except those that could quit, suspend or write files: `q`, Ctrl-C, Ctrl-Z, `:` and `e`. */
const ANY_KEYS: readonly string[] = [
  ...'abcdfghijklmnoprstuvwxyzABCDGHJKLMNPRSTXYZ123456789/?[]#<>+-* ',
  ...['\x1b[A', '\x1b[B', '\x1b[C', '\x1b[D', '\x1b[5~', '\x1b[6~', '\x1b[H', '\x1b[F'],
  ...['\t', '\x1b[Z', '\r', '\x04', '\x15', '\x06', '\x02', '\x7f', 'é', '漢'],
  ...['\x1b[<0;10;10M', '\x1b[<0;10;10m', '\x1b[<65;70;9M', '\x1b[<64;5;5M'],
];

/** Park and Miller's random number generator, for the same keys in every run. */
function randomKeys(count: number): string[] {
  let state = 11;
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return ANY_KEYS[state % ANY_KEYS.length]!;
  });
}

/** Presses Escape until the main screen appears, then quits. A key sent right after Escape would be read together with it. */
async function leave(program: Terminal): Promise<void> {
  await program.rests();
  for (let i = 0; i < 8; i++) {
    program.press('Escape');
    await program.rests();
  }
  program.press('q');
}

function fits(screen: string, columns: number, rows: number): boolean {
  const lines = screen.split('\n');
  return lines.length <= rows && lines.every((line) => line.length <= columns);
}
