import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execaSync } from 'execa';

/** Why the tests in a terminal are skipped, for their title; null if they can run. */
export const NO_TERMINAL =
  execaSync('tmux', ['-V'], { reject: false }).exitCode === 0 ? null : ' (skipped: no tmux on this machine)';

/** Time that the screen may take on a busy machine to show an expected text, in milliseconds. */
const PATIENCE = 180_000;

/** The state of the terminal itself. */
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
 * A program in its own terminal: a tmux server on a private socket. The terminal stays open after the program
 * ends, with its exit status in the last line: `ended with STATUS`.
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
    // The saved state of one test must not affect the next.
    const env = { XDG_STATE_HOME: path.join(this.#folder, 'state'), ...options.env };
    const environment = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}\n`);
    writeFileSync(
      script,
      `unset NO_COLOR FORCE_COLOR\ntrap : INT\n${environment.join('')}` +
        `/bin/sh -c 'echo $$ >"$0"; exec "$@"' ${[this.#pidFile, ...command].map(quote).join(' ')}\n` +
        // On a separate line, even if a late key was echoed.
        `printf '\\nended with %s\\n' "$?"\nexec /bin/sleep 600\n`,
    );
    const { columns = 120, rows = 36 } = options;
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'main', ...size, `sh ${quote(script)}`);
  }

  /** Presses keys by their tmux names: `Down`, `Tab`, `Escape`, `q`. */
  press(...keys: string[]): void {
    for (const key of keys) this.#tmux('send-keys', '-t', 'main', key);
  }

  /** Types literal text. */
  type(text: string): void {
    this.#tmux('send-keys', '-t', 'main', '-l', text);
  }

  /** Sends bytes at once, like the answer of a terminal. */
  answer(text: string): void {
    const bytes = [...Buffer.from(text)].map((byte) => byte.toString(16));
    this.#tmux('send-keys', '-t', 'main', '-H', ...bytes);
  }

  /** Returns the screen with its colours, as SGR sequences. */
  painted(): string {
    return this.#tmux('capture-pane', '-p', '-e', '-t', 'main');
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-t', 'main', '-x', String(columns), '-y', String(rows));
  }

  /** Returns the screen as text, one string per row, without trailing spaces. */
  screen(): string {
    return this.#tmux('capture-pane', '-p', '-t', 'main');
  }

  /**
   * Waits until the screen shows the expected text, and returns the screen.
   * @throws Error with the current screen if the text does not appear
   */
  async shows(wanted: RegExp | ((screen: string) => boolean)): Promise<string> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const screen = this.screen();
      if (wanted instanceof RegExp ? wanted.test(screen) : wanted(screen)) return screen;
      // After its end, the program shows nothing more.
      if (Date.now() > end || /^ended with \d+$/m.test(screen))
        throw new Error(`the screen does not come to show ${wanted}:\n${screen}`);
      await setTimeout(50);
    }
  }

  /** Waits until the screen has not changed for a while, for example until all pressed keys have been read. */
  async rests(): Promise<void> {
    const end = Date.now() + PATIENCE;
    let [seen, since] = [this.screen(), Date.now()];
    while (Date.now() - since < 400 && Date.now() < end) {
      await setTimeout(50);
      const screen = this.screen();
      if (screen !== seen) [seen, since] = [screen, Date.now()];
    }
  }

  /** Waits until the program ends, and returns its exit status. */
  async ended(): Promise<number> {
    const screen = await this.shows(/^ended with \d+$/m);
    return Number(/^ended with (\d+)$/m.exec(screen)![1]);
  }

  /** Sends a signal to the program. */
  signal(name: NodeJS.Signals): void {
    process.kill(Number(readFileSync(this.#pidFile, 'utf8')), name);
  }

  state(): TerminalState {
    const format = '#{alternate_on} #{cursor_flag} #{mouse_any_flag}';
    const [alternate, cursor, mouse] = this.#tmux('display-message', '-p', '-t', 'main', format).split(' ');
    return { alternateScreen: alternate === '1', cursorShown: cursor === '1', mouse: mouse === '1' };
  }

  /** Ends the terminal and all programs in it. */
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
