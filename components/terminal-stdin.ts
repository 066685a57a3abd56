import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { splitInput, type TerminalInput } from '../src/tui/mouse-sequences.ts';

/**
 * A terminal's input without the reports that are no keys (mouse, background colour). It stands
 * before Ink, which has no API for them and would take them for typed text.
 */
export class TerminalStdin extends Readable {
  readonly isTTY = true;
  readonly #stdin: NodeJS.ReadStream;
  readonly #onReport: (input: TerminalInput) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** @param onReport told of what was taken out */
  constructor(stdin: NodeJS.ReadStream, onReport: (input: TerminalInput) => void) {
    super({ encoding: 'utf8' });
    this.#stdin = stdin;
    this.#onReport = onReport;
    stdin.on('data', this.#take);
    stdin.on('end', this.#end);
    stdin.pause();
  }

  override _read(): void {
    // Keys come when they come.
  }

  /** Raw mode is on exactly while this reads the terminal; between, it belongs to someone else. */
  setRawMode(on: boolean): this {
    this.#stdin.setRawMode(on);
    if (on) this.#stdin.resume();
    else this.#stdin.pause();
    return this;
  }

  /**
   * Before the first frame: what was typed until then has left the cursor somewhere in its row, where that
   * frame would begin, and what is typed from now on is no longer echoed into it.
   */
  clearLine(stdout: NodeJS.WriteStream): void {
    this.setRawMode(true);
    stdout.write('\r');
  }

  ref(): this {
    this.#stdin.ref();
    return this;
  }

  unref(): this {
    this.#stdin.unref();
    return this;
  }

  /** Lets go of the terminal for good. */
  release(): void {
    this.#stdin.off('data', this.#take);
    this.#stdin.off('end', this.#end);
    this.#stdin.pause();
    this.#stdin.unref();
  }

  readonly #take = (chunk: Buffer | string): void => {
    const text = this.#rest + (typeof chunk === 'string' ? chunk : this.#decoder.write(chunk));
    const input = splitInput(text);
    this.#rest = input.rest;
    if (input.mouse.length > 0 || input.background !== null) this.#onReport(input);
    if (input.keys !== '') this.push(input.keys);
  };

  readonly #end = (): void => {
    this.push(null);
  };
}
