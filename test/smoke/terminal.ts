import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execaSync } from 'execa';

/** Why the tests in a terminal are skipped, for their title; null where they can run. */
export const NO_TERMINAL =
  execaSync('tmux', ['-V'], { reject: false }).exitCode === 0 ? null : ' (skipped: no tmux on this machine)';

/** How long the screen may take on a busy machine to show what a test waits for, in milliseconds. */
const PATIENCE = 180_000;

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
    // What a program keeps of one test is nothing to the next.
    const env = { XDG_STATE_HOME: path.join(this.#folder, 'state'), ...options.env };
    const environment = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}\n`);
    writeFileSync(
      script,
      `unset NO_COLOR FORCE_COLOR\ntrap : INT\n${environment.join('')}` +
        `/bin/sh -c 'echo $$ >"$0"; exec "$@"' ${[this.#pidFile, ...command].map(quote).join(' ')}\n` +
        // On a line of its own, even where a key that came too late has been echoed.
        `printf '\\nended with %s\\n' "$?"\nexec /bin/sleep 600\n`,
    );
    const { columns = 120, rows = 36 } = options;
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'main', ...size, `sh ${quote(script)}`);
  }

  /** Presses keys, by the names that tmux gives them: `Down`, `Tab`, `Escape`, `q`. */
  press(...keys: string[]): void {
    for (const key of keys) this.#tmux('send-keys', '-t', 'main', key);
  }

  /** Types text, as it is. */
  type(text: string): void {
    this.#tmux('send-keys', '-t', 'main', '-l', text);
  }

  /** Sends bytes at once, as a terminal does that answers. */
  answer(text: string): void {
    const bytes = [...Buffer.from(text)].map((byte) => byte.toString(16));
    this.#tmux('send-keys', '-t', 'main', '-H', ...bytes);
  }

  /** The screen with its colours, as SGR sequences. */
  painted(): string {
    return this.#tmux('capture-pane', '-p', '-e', '-t', 'main');
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-t', 'main', '-x', String(columns), '-y', String(rows));
  }

  /** The screen as text, one string a row, without trailing spaces. */
  screen(): string {
    return this.#tmux('capture-pane', '-p', '-t', 'main');
  }

  /**
   * Waits until the screen shows what is wanted, and gives that screen.
   * @throws Error with the screen as it is, when it does not come
   */
  async shows(wanted: RegExp | ((screen: string) => boolean)): Promise<string> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const screen = this.screen();
      if (wanted instanceof RegExp ? wanted.test(screen) : wanted(screen)) return screen;
      // A program that has ended shows nothing more.
      if (Date.now() > end || /^ended with \d+$/m.test(screen))
        throw new Error(`the screen does not come to show ${wanted}:\n${screen}`);
      await setTimeout(50);
    }
  }

  /** Waits until nothing has changed on the screen for a while, as when all keys that were pressed have been read. */
  async rests(): Promise<void> {
    const end = Date.now() + PATIENCE;
    let [seen, since] = [this.screen(), Date.now()];
    while (Date.now() - since < 400 && Date.now() < end) {
      await setTimeout(50);
      const screen = this.screen();
      if (screen !== seen) [seen, since] = [screen, Date.now()];
    }
  }

  /** Waits for the program's end and gives its exit status. */
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
