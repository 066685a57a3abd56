import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exhume, NODE, PROGRAM } from './program.ts';
import { NO_TERMINAL, Terminal } from './terminal.ts';

let folder = '';
let terminal: Terminal;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'exhume-case-'));
});

afterEach(() => {
  terminal.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(argv: readonly string[]): Terminal {
  // Without an engine on the PATH, the demonstration image opens immediately.
  const env = { PATH: folder, XDG_STATE_HOME: path.join(folder, 'state'), HOME: folder };
  terminal = new Terminal([NODE, PROGRAM, ...argv], { columns: 100, rows: 30, env });
  return terminal;
}

/** Returns the names in the directory, except the compile cache. */
function kept(): string[] {
  return readdirSync(folder)
    .filter((name) => name !== '.cache')
    .toSorted();
}

/** Clears a prompt and types an answer. */
async function answer(text: string): Promise<void> {
  terminal.press('C-u');
  terminal.type(text);
  // The start of a long answer is cut.
  await terminal.shows((screen) => screen.includes(text.slice(-12)));
  terminal.press('Enter');
}

describe.skipIf(NO_TERMINAL !== null)(`a case in a real terminal${NO_TERMINAL ?? ''}`, () => {
  it('decides, flags, undoes and reports, and keeps an intact log', async () => {
    const file = path.join(folder, 'leak.json');
    start(['--case', file]);
    await terminal.shows(/4 Findings \d+/);
    terminal.press('4');
    await terminal.shows(/\d+ findings: /);
    terminal.press('Space', 'Space', 'c');
    await terminal.shows(/2 findings decided: confirmed/);
    terminal.press('Down', 'a');
    await terminal.shows(/accept, reason:/);
    await answer('a test bucket until 2030-01-31');
    await terminal.shows(/decided: accepted/);
    terminal.press('f');
    await terminal.shows(/false alarm, reason/);
    terminal.press('Enter');
    await terminal.shows(/decided: false alarm/);
    terminal.press('u');
    await terminal.shows(/undone: false alarm on /);
    terminal.press('6');
    await terminal.shows(/\[6 Config/);
    terminal.press('End', 'Home', '5');
    await terminal.shows(/\[5 History/);
    terminal.press('!');
    await terminal.shows(/flag: Secret \/ high/);
    await answer('Seen by a person / critical / in the meeting');
    await terminal.shows(/flagged: Seen by a person, critical/);
    terminal.press('X');
    await terminal.shows(/write report to/);
    const report = path.join(folder, 'report.md');
    await answer(report);
    await terminal.shows(/report written to .*report\.md: /);
    terminal.press('q');
    expect(await terminal.ended()).toBe(0);
    const shown = await exhume(['case', 'show', file]);
    expect(shown.stdout).toMatch(/1 flag\n.*critical {2}Seen by a person/);
    expect(shown.stdout).toMatch(/3 decisions/);
    expect(shown.stdout).toContain('accepted: a test bucket (until 2030-01-31');
    expect((await exhume(['case', 'verify', file])).stdout).toContain('the case is intact');
    const text = readFileSync(report, 'utf8');
    expect(text).toContain('Seen by a person');
    expect(text).toContain('a test bucket');
    expect(kept()).toEqual(['leak.json', 'leak.json.key', 'report.md']);
  });

  it('is not created by viewing', async () => {
    start([]);
    await terminal.shows(/4 Findings \d+/);
    terminal.press('4');
    await terminal.shows(/\d+ findings: /);
    terminal.press('q');
    expect(await terminal.ended()).toBe(0);
    expect(kept()).toEqual([]);
  });
});
