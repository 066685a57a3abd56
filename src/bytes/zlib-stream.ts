import type { Transform } from 'node:stream';
import type { DecoderInput } from './decoder.ts';

/** So many pieces of output wait at most: a small write of a bomb can give gigabytes. */
const MAX_WAITING = 4;

/**
 * One of zlib's decompressing streams, driven write by write. It works in a thread of its own:
 * output is kept until the next write is under way and handed over while the stream works on it.
 * Errors of the stream become a flag, errors of the sink come out of the methods instead of out
 * of an event.
 */
export class ZlibStream {
  /** The stream's own error: the bytes written last are not what it expects. */
  failure: NodeJS.ErrnoException | null = null;
  readonly #stream: Transform & { readonly bytesWritten: number };
  readonly #input: Pick<DecoderInput, 'plain' | 'stopped'>;
  #waiting: Uint8Array[] = [];
  #fed = 0;
  #thrown: { readonly error: unknown } | null = null;
  #over = false;
  #wake: () => void = () => {};

  constructor(
    stream: Transform & { readonly bytesWritten: number },
    input: Pick<DecoderInput, 'plain' | 'stopped'>,
  ) {
    this.#stream = stream;
    this.#input = input;
    stream.on('data', (chunk: Uint8Array) => {
      this.#waiting.push(chunk);
      if (this.#waiting.length >= MAX_WAITING) this.#handOver();
    });
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.failure = error;
      this.#wake();
    });
  }

  /** Bytes that the stream has used up. */
  get consumed(): number {
    return this.#stream.bytesWritten;
  }

  /** Bytes written that the stream did not use: it met its end before them. */
  get leftover(): number {
    return this.#fed - this.#stream.bytesWritten;
  }

  /**
   * Writes bytes and waits until the stream has taken them, failed or was stopped.
   * @throws what the sink threw
   */
  async write(bytes: Uint8Array): Promise<void> {
    this.#fed += bytes.length;
    await this.#settled((done) => this.#stream.write(bytes, done));
    if (this.failure !== null || this.leftover > 0) this.flush();
  }

  /**
   * Says that there are no more bytes; a stream that expects some fails.
   * @throws what the sink threw
   */
  async finish(): Promise<void> {
    await this.#settled((done) => {
      this.#stream.once('end', done);
      this.#stream.end();
    });
    this.flush();
  }

  /**
   * Hands over the output that waits for the next write.
   * @throws what the sink threw
   */
  flush(): void {
    this.#handOver();
    if (this.#thrown !== null) throw this.#thrown.error;
  }

  close(): void {
    this.#over = true;
    this.#waiting = [];
    this.#stream.destroy();
  }

  #handOver(): void {
    const chunks = this.#waiting;
    this.#waiting = [];
    for (const chunk of chunks) {
      if (this.#over) return;
      try {
        // A plain array: a Buffer's `slice` would not copy, as whoever gets it expects.
        this.#input.plain(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
        if (!this.#input.stopped()) continue;
      } catch (error) {
        this.#thrown = { error };
      }
      this.close();
      this.#wake();
    }
  }

  async #settled(begin: (done: () => void) => void): Promise<void> {
    if (!this.#over && this.failure === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        begin(() => resolve());
        this.#handOver();
      });
      // In flowing mode reading hands what is buffered to the listener above.
      if (this.#stream.readableLength > 0) this.#stream.read();
    }
    if (this.#thrown !== null) throw this.#thrown.error;
  }
}
