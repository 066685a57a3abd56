import type { Transform } from 'node:stream';
import type { DecoderInput } from './decoder.ts';

/** Maximum number of output chunks that wait: a small write of a decompression bomb can produce gigabytes. */
const MAX_WAITING = 4;

/**
 * Drives one of zlib's decompression streams write by write. The stream works on its own thread: its
 * output waits until the next write has begun, and goes to the sink while the stream works on that write.
 * Errors of the stream are a property; errors of the sink are thrown by the methods, not emitted as events.
 */
export class ZlibStream {
  /** The error of the stream, if the last bytes written are invalid; else null. */
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

  /** Input bytes that the stream has consumed. */
  get consumed(): number {
    return this.#stream.bytesWritten;
  }

  /** Bytes written that follow the end of the stream. */
  get leftover(): number {
    return this.#fed - this.#stream.bytesWritten;
  }

  /**
   * Writes bytes and waits until the stream has consumed them, has failed or was stopped.
   * @throws whatever the sink throws
   */
  async write(bytes: Uint8Array): Promise<void> {
    this.#fed += bytes.length;
    await this.#settled((done) => this.#stream.write(bytes, done));
    if (this.failure !== null || this.leftover > 0) this.flush();
  }

  /**
   * Ends the input; if the stream is not complete, it fails.
   * @throws whatever the sink throws
   */
  async finish(): Promise<void> {
    await this.#settled((done) => {
      this.#stream.once('end', done);
      this.#stream.end();
    });
    this.flush();
  }

  /**
   * Passes the waiting output to the sink.
   * @throws whatever the sink throws
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
        // Pass a Uint8Array, because the receiver expects `slice` to copy and Buffer.slice does not.
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
      // In flowing mode, read() passes buffered data to the 'data' listener above.
      if (this.#stream.readableLength > 0) this.#stream.read();
    }
    if (this.#thrown !== null) throw this.#thrown.error;
  }
}
