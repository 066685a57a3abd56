import { ContentScanner } from '../match/content-scanner.ts';
import { detectUtf16, narrowUtf16 } from '../match/decode.ts';
import type { ContentMatcher } from '../match/matcher.ts';
import type { RawHit } from '../raw-hit.ts';
import { MAX_READ, type Reader, readerFor } from './by-path.ts';
import { KEYSTORE_HEAD, mayBeKeystore, readKeystore } from './keystore.ts';

/** Scans one file after another with the rules, the reader for its path, and the keystore detection. */
export class FileScanner {
  readonly #matcher: ContentMatcher;
  readonly #content: ContentScanner;
  #reader: Reader | null = null;
  /** Number of bytes of the file to keep: all for a reader, some for a keystore, none for most files. */
  #keep = 0;
  #kept: Buffer[] = [];
  #size = 0;

  constructor(matcher: ContentMatcher) {
    this.#matcher = matcher;
    this.#content = new ContentScanner(matcher);
  }

  /**
   * Begins a file.
   * @param path in the image; null for content without one
   */
  begin(path: string | null): void {
    this.#reader = path === null ? null : readerFor(path);
    this.#keep = this.#reader === null ? 0 : MAX_READ + 1;
    this.#kept = [];
    this.#size = 0;
  }

  /** Adds the next piece; its memory may be reused afterwards. */
  feed(piece: Uint8Array): void {
    if (this.#size === 0 && this.#keep === 0 && mayBeKeystore(piece)) this.#keep = KEYSTORE_HEAD;
    if (this.#size < this.#keep) this.#kept.push(Buffer.from(piece.subarray(0, this.#keep - this.#size)));
    this.#size += piece.length;
    this.#content.feed(piece);
  }

  /**
   * Ends the file.
   * @param identity a value that is equal for equal files, such as their SHA-256; used as the value of a
   *   keystore
   * @returns its hits in content order, one for each place
   */
  end(identity?: Uint8Array): RawHit[] {
    const hits = this.#content.end();
    if (this.#keep === 0) return hits;
    const kept = Buffer.concat(this.#kept);
    this.#kept = [];
    const more = [...readKeystore(kept, identity), ...this.#read(kept)];
    return more.length === 0 ? hits : this.#matcher.resolve([...hits, ...more]);
  }

  #read(kept: Buffer): RawHit[] {
    if (this.#reader === null || this.#size > MAX_READ) return [];
    const form = detectUtf16(kept);
    if (form === null) return this.#reader(kept.toString('latin1'));
    const text = Buffer.from(narrowUtf16(kept.subarray(0, kept.length & ~1), form)).toString('latin1');
    return this.#reader(text).map((hit) => ({
      ...hit,
      start: hit.start * 2,
      end: hit.end * 2,
      via: 'utf-16',
    }));
  }
}
