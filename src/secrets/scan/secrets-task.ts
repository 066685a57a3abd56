import { readPlain } from '../../bytes/decompress.ts';
import type { Extent } from '../../bytes/source.ts';
import type { TarListener } from '../../layer/job.ts';
import { BLOCK, checksumHolds } from '../../tar/header.ts';
import { TarParser } from '../../tar/parser.ts';
import { named } from '../readers/file-name.ts';
import { MAX_DEPTH } from '../unpack/budget.ts';
import { DeepScanner } from '../unpack/deep-scanner.ts';
import { BlobContents } from './blob-contents.ts';
import type { BlobHits, SecretsInput } from './blob-hits.ts';
import { matcherFor } from './thread-matcher.ts';

/** Scans one blob, given in pieces. */
class BlobPass implements TarListener {
  readonly #contents: BlobContents;
  readonly #parser: TarParser;
  readonly #path: string | null;
  #tar: boolean;
  #offset = 0;

  constructor(input: SecretsInput) {
    this.#contents = new BlobContents(new DeepScanner(matcherFor(input), input.unpack ? MAX_DEPTH : 0));
    this.#parser = new TarParser(this.#contents);
    this.#path = input.path;
    this.#tar = input.as === 'tar';
  }

  plain(chunk: Uint8Array): void {
    if (this.#offset === 0 && !this.#tar) {
      this.#tar = chunk.length >= BLOCK && checksumHolds(chunk, 0);
      if (!this.#tar) this.#contents.begin(named(this.#path), 0, -1);
    }
    if (this.#tar) {
      this.#parser.feed(chunk, this.#offset);
      const end = this.#parser.endOffset;
      if (end !== null && end < this.#offset + chunk.length) {
        this.#contents.trailing(chunk.subarray(Math.max(0, end - this.#offset)));
      }
    } else this.#contents.data(chunk);
    this.#offset += chunk.length;
  }

  end(): BlobHits {
    if (this.#tar) this.#parser.end(this.#offset);
    const contents = this.#contents;
    contents.finish();
    return {
      tar: this.#tar,
      contents: contents.found,
      files: contents.files,
      bytes: contents.bytes,
      lost: [],
    };
  }
}

/**
 * Searches the files of a layer for credentials while another reader decompresses its tar.
 * @param input a {@link SecretsInput}
 */
export function listen(input: unknown): TarListener {
  return new BlobPass(input as SecretsInput);
}

/**
 * Searches every file of a blob for credentials in one pass, whatever its compression. Damage ends the pass
 * early; the hits before it are kept.
 * @param input a {@link SecretsInput}
 * @returns a {@link BlobHits}
 * @throws Problem `unsupported-compression`, `cancelled`
 */
export async function runTask(
  extent: Extent,
  input: unknown,
  signal?: AbortSignal,
  progress?: (storedBytes: number) => void,
): Promise<BlobHits> {
  const pass = new BlobPass(input as SecretsInput);
  let stored = 0;
  const { damage, gaps } = await readPlain(
    extent,
    {
      stored(chunk) {
        stored += chunk.length;
        progress?.(stored);
      },
      plain: (chunk) => pass.plain(chunk),
    },
    signal,
  );
  const rest = damage === null || damage.code === 'trailing-data' ? [] : [damage];
  return { ...pass.end(), lost: gaps.length > 0 ? gaps : rest };
}
