import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { splitInput, type TerminalInput } from '../src/tui/mouse-sequences.ts';

/**
 * A terminal's input without reports (mouse, background colour). Ink has no API for them and would treat them
 * as typed text.
 */
export class TerminalStdin extends Readable {
  readonly isTTY = true;
  readonly #stdin: NodeJS.ReadStream;
  readonly #onReport: (input: TerminalInput) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** @param onReport receives the reports */
  constructor(stdin: NodeJS.ReadStream, onReport: (input: TerminalInput) => void) {
    super({ encoding: 'utf8' });
    this.#stdin = stdin;
    this.#onReport = onReport;
    stdin.on('data', this.#take);
    stdin.on('end', this.#end);
    stdin.pause();
  }

  override _read(): void {
    // Data is pushed as it arrives.
  }

  /** Raw mode is on exactly while this stream reads the terminal. */
  setRawMode(on: boolean): this {
    this.#stdin.setRawMode(on);
    if (on) this.#stdin.resume();
    else this.#stdin.pause();
    return this;
  }

  /**
   * Prepares the first frame: moves the cursor to the start of the row, since earlier typing may have moved it,
   * and turns off echo.
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

  /** Releases the terminal. */
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
