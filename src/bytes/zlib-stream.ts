import type { Transform } from 'node:stream';
import type { DecoderInput } from './decoder.ts';

/**
 * One of zlib's decompressing streams, driven write by write. Its output goes to the decoder's
 * input as it comes; errors of the stream become a flag, errors of the sink come out of
 * {@link write} instead of out of an event.
 */
export class ZlibStream {
  /** The stream's own error: the bytes written last are not what it expects. */
  failure: NodeJS.ErrnoException | null = null;
  readonly #stream: Transform & { readonly bytesWritten: number };
  #fed = 0;
  #thrown: { readonly error: unknown } | null = null;
  #over = false;
  #wake: () => void = () => {};

  constructor(
    stream: Transform & { readonly bytesWritten: number },
    input: Pick<DecoderInput, 'plain' | 'stopped'>,
  ) {
    this.#stream = stream;
    stream.on('data', (chunk: Uint8Array) => {
      if (this.#over) return;
      try {
        input.plain(chunk);
        // One write of a bomb can give gigabytes: it must be possible to stop amid them.
        if (input.stopped()) this.#stop();
      } catch (error) {
        this.#thrown = { error };
        this.#stop();
      }
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
   * Writes bytes and waits until their output was given, or the stream failed or was stopped.
   * @throws what the sink threw
   */
  async write(bytes: Uint8Array): Promise<void> {
    this.#fed += bytes.length;
    await this.#settled((done) => this.#stream.write(bytes, done));
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
  }

  close(): void {
    this.#over = true;
    this.#stream.destroy();
  }

  #stop(): void {
    this.close();
    this.#wake();
  }

  async #settled(begin: (done: () => void) => void): Promise<void> {
    if (!this.#over && this.failure === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        begin(() => resolve());
      });
      // In flowing mode reading hands what is buffered to the listener above.
      if (this.#stream.readableLength > 0) this.#stream.read();
    }
    if (this.#thrown !== null) throw this.#thrown.error;
  }
}
