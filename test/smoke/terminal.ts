import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execaSync } from 'execa';
import { expect } from 'vitest';

/** Why the tests in a terminal are skipped, or null where they can run. */
export const NO_TERMINAL =
  execaSync('tmux', ['-V'], { reject: false }).exitCode === 0 ? null : 'no tmux on this machine';

/** How long the screen may take to show what a test waits for, in milliseconds. */
const PATIENCE = 20_000;

/** What the terminal itself knows of the program in it. */
export interface TerminalState {
  readonly alternateScreen: boolean;
  readonly cursorShown: boolean;
  readonly mouse: boolean;
}

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

let count = 0;

/**
 * A program in a terminal of its own: a tmux server on a private socket. When the program has
 * ended the terminal stays, with its exit status as the last line: `ended with STATUS`.
 */
export class Terminal {
  readonly #folder: string;
  readonly #pidFile: string;
  readonly #socket: string;

  constructor(command: readonly string[], options: TerminalOptions = {}) {
    this.#folder = mkdtempSync(path.join(tmpdir(), 'exhume-tmux-'));
    this.#pidFile = path.join(this.#folder, 'pid');
    this.#socket = `exhume-${process.pid}-${count++}`;
    const script = path.join(this.#folder, 'run.sh');
    const environment = Object.entries(options.env ?? {}).map(
      ([name, value]) => `export ${name}=${quote(value)}\n`,
    );
    writeFileSync(
      script,
      `unset CI NO_COLOR FORCE_COLOR\n${environment.join('')}` +
        `sh -c 'echo $$ >"$0"; exec "$@"' ${[this.#pidFile, ...command].map(quote).join(' ')}\n` +
        `echo "ended with $?"\nexec sleep 600\n`,
    );
    this.#tmux(
      ...['-f', '/dev/null', 'new-session', '-d', '-s', 'main'],
      ...['-x', String(options.columns ?? 120), '-y', String(options.rows ?? 36)],
      `sh ${quote(script)}`,
    );
  }

  /** Presses keys, by the names that tmux gives them: `Down`, `Tab`, `Escape`, `q`. */
  press(...keys: string[]): void {
    for (const key of keys) this.#tmux('send-keys', '-t', 'main', key);
  }

  /** Types text, as it is. */
  type(text: string): void {
    this.#tmux('send-keys', '-t', 'main', '-l', text);
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-t', 'main', '-x', String(columns), '-y', String(rows));
  }

  /** The screen as text, one string a row, without trailing spaces. */
  screen(): string {
    return this.#tmux('capture-pane', '-p', '-t', 'main');
  }

  /** Waits until the screen shows what is wanted, and gives that screen. */
  async shows(wanted: RegExp | ((screen: string) => boolean)): Promise<string> {
    let screen = '';
    const seen = (): boolean => {
      screen = this.screen();
      return wanted instanceof RegExp ? wanted.test(screen) : wanted(screen);
    };
    await expect
      .poll(seen, { timeout: PATIENCE, interval: 50, message: `the screen shows ${wanted.toString()}` })
      .toBe(true)
      .catch((error: Error) => {
        error.message += `\nbut it is:\n${screen}`;
        throw error;
      });
    return screen;
  }

  /** Waits for the program's end and gives its exit status. */
  async ended(): Promise<number> {
    const screen = await this.shows(/^ended with \d+$/m);
    return Number(/^ended with (\d+)$/m.exec(screen)![1]);
  }

  /** Sends a signal to the program. */
  signal(name: NodeJS.Signals): void {
    process.kill(Number(execaSync('cat', [this.#pidFile]).stdout), name);
  }

  state(): TerminalState {
    const format = '#{alternate_on} #{cursor_flag} #{mouse_any_flag}';
    const [alternate, cursor, mouse] = this.#tmux('display-message', '-p', '-t', 'main', format).split(' ');
    return { alternateScreen: alternate === '1', cursorShown: cursor === '1', mouse: mouse === '1' };
  }

  /** Ends the terminal and whatever runs in it. */
  close(): void {
    execaSync('tmux', ['-L', this.#socket, 'kill-server'], { reject: false });
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #tmux(...argv: string[]): string {
    return execaSync('tmux', ['-L', this.#socket, ...argv]).stdout;
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
