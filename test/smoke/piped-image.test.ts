import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DELETED, writeImages } from './images.ts';
import { NODE, PROGRAM } from './program.ts';
import { NO_TERMINAL, Terminal, type TerminalOptions } from './terminal.ts';

let folder = '';
let image = '';
let terminal: Terminal | null = null;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-piped-'));
  image = (await writeImages(folder)).get('docker-archive')!;
});

afterEach(() => {
  terminal?.close();
  terminal = null;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts a shell command in a terminal; `$1` is the image, `$2 $3` is the program. */
function shell(command: string, options: TerminalOptions = {}): Terminal {
  return (terminal = new Terminal(['/bin/sh', '-c', command, 'sh', image, NODE, PROGRAM], options));
}

describe.skipIf(NO_TERMINAL !== null)(`an image on standard input${NO_TERMINAL ?? ''}`, () => {
  it('opens the screen, which reads its keys from the terminal', async () => {
    const program = shell('cat "$1" | "$2" "$3" -');
    await program.shows(/RUN edit/);
    expect(program.state()).toMatchObject({ alternateScreen: true, cursorShown: false });
    await program.shows(/main\.js/);
    program.press('Down', 'Down');
    await program.shows(/^> +1 /m);
    program.press('q');
    expect(await program.ended()).toBe(0);
    expect(program.state()).toEqual({ alternateScreen: false, cursorShown: true, mouse: false });
  });

  it('answers keys with lines of text with --screen-reader', async () => {
    const program = shell('cat "$1" | "$2" "$3" --screen-reader -');
    await program.shows(/Scan finished: \d+ findings/);
    program.press('4');
    await program.shows(/Findings view\./);
    program.press('q');
    expect(await program.ended()).toBe(0);
  });

  it('leaves the terminal to the pager, which reads its keys from standard input', async () => {
    const pager = path.join(folder, 'pager.sh');
    await writeFile(pager, 'cat "$1"; read -r line; echo "read: $line"; read -r line\n');
    const program = shell('cat "$1" | "$2" "$3" -', { env: { PAGER: `/bin/sh ${pager}` } });
    await program.shows(/main\.js/);
    program.press('Tab', 'Down', 'Down');
    await program.shows(/>.*- notes\.txt/);
    program.press('P');
    await program.shows(/Open it\? y\/n/);
    program.press('y', 'Enter');
    await program.shows(new RegExp(DELETED.content.trim()));
    program.type('all of this');
    program.press('Enter');
    await program.shows(/read: all of this/);
    program.press('Enter');
    await program.shows(/main\.js/);
    program.press('q');
    expect(await program.ended()).toBe(0);
  });

  it('restores the terminal on SIGTERM, so that input is echoed again', async () => {
    const program = shell('exec "$2" "$3" - <"$1"');
    await program.shows(/RUN edit/);
    program.signal('SIGTERM');
    expect(await program.ended()).toBe(143);
    program.type('echoed');
    await program.rests();
    expect(program.screen()).toMatch(/^echoed$/m);
    expect(program.state()).toEqual({ alternateScreen: false, cursorShown: true, mouse: false });
  });

  it('stops on Ctrl-Z, leaves the terminal to the shell, and continues with fg', async () => {
    const program = shell(
      'set -m; "$2" "$3" - <"$1"; read -r line; echo "shell read $line"; read -r line; fg',
    );
    await program.shows(/RUN edit/);
    program.press('C-z');
    await program.rests();
    program.type('words');
    program.press('Enter');
    await program.shows(/shell read words/);
    program.press('Enter');
    await program.shows(/RUN edit/);
    program.press('?');
    await program.shows(/Help/);
    program.press('Escape');
    await program.shows((screen) => !screen.includes('Help'));
    program.press('q');
    expect(await program.ended()).toBe(0);
  });
});
