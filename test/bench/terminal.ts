import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** The end of a synchronized update: Ink writes it after each finished frame. */
const FRAME_END = '\x1b[?2026l';

/** A command in its own pseudo-terminal, which script(1) of util-linux creates. */
export class BenchTerminal {
  readonly #child: ChildProcessWithoutNullStreams;
  #frame = '';
  #last = performance.now();
  #frames: { readonly at: number; readonly text: string }[] = [];
  #wake: () => void = () => {};

  constructor(
    command: string,
    size: { readonly columns: number; readonly rows: number },
    env: NodeJS.ProcessEnv,
  ) {
    const { columns, rows } = size;
    const script = `stty cols ${columns} rows ${rows}; exec ${command}`;
    this.#child = spawn('script', ['-qfec', script, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', LC_ALL: '', ...env },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    this.#child.on('exit', () => this.#wake());
  }

  /** Returns the milliseconds from a key to the end of the next frame; null after `most` milliseconds without one. */
  async key(key: string, most: number): Promise<number | null> {
    return this.until(key, () => true, most);
  }

  /** Returns the milliseconds from a key to the end of the first frame that fits, or null as {@link key} does. */
  async until(key: string, fits: (frame: string) => boolean, most: number): Promise<number | null> {
    this.#frames = [];
    const before = performance.now();
    this.#child.stdin.write(key);
    for (;;) {
      const frame = this.#frames.find(({ text }) => fits(text));
      if (frame !== undefined) return frame.at - before;
      const left = before + most - performance.now();
      if (left <= 0 || this.#child.exitCode !== null) return null;
      await Promise.race([new Promise<void>((resolve) => (this.#wake = resolve)), wait(left)]);
    }
  }

  /** Waits until nothing has been drawn for this many milliseconds. */
  async quiet(milliseconds: number): Promise<void> {
    while (performance.now() - this.#last < milliseconds) await wait(5);
  }

  /** Returns the resident memory of the program in bytes. */
  resident(): number {
    const children = readFileSync(`/proc/${this.#child.pid}/task/${this.#child.pid}/children`, 'utf8');
    const status = readFileSync(`/proc/${children.trim().split(' ')[0]}/status`, 'utf8');
    return Number(/^VmRSS:\s*(\d+) kB/m.exec(status)![1]) * 1024;
  }

  /** Ends the program with Ctrl-C, or kills it after five seconds. */
  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin.write('\x03');
    await Promise.race([ended, wait(5_000).then(() => this.#child.kill())]);
  }

  #take(text: string): void {
    this.#last = performance.now();
    this.#frame += text;
    for (let end = this.#frame.indexOf(FRAME_END); end >= 0; end = this.#frame.indexOf(FRAME_END)) {
      this.#frames.push({ at: this.#last, text: this.#frame.slice(0, end) });
      this.#frame = this.#frame.slice(end + FRAME_END.length);
    }
    this.#wake();
  }
}
