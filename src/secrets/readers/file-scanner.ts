import { ContentScanner } from '../match/content-scanner.ts';
import { detectUtf16, narrowUtf16 } from '../match/decode.ts';
import type { ContentMatcher } from '../match/matcher.ts';
import type { RawHit } from '../raw-hit.ts';
import { MOST_READ, type Reader, readerFor } from './by-path.ts';
import { KEYSTORE_HEAD, mayBeKeystore, readKeystore } from './keystore.ts';

/** Looks through one file after the other: the rules, the reader of its path, and the magic of keystores. */
export class FileScanner {
  readonly #matcher: ContentMatcher;
  readonly #content: ContentScanner;
  #reader: Reader | null = null;
  /** Bytes of the file to keep: all for a reader, some for a keystore, none for most. */
  #keep = 0;
  #kept: Buffer[] = [];
  #size = 0;

  constructor(matcher: ContentMatcher) {
    this.#matcher = matcher;
    this.#content = new ContentScanner(matcher);
  }

  /** Begins a file. @param path in the image; null for content that has none */
  begin(path: string | null): void {
    this.#reader = path === null ? null : readerFor(path);
    this.#keep = this.#reader === null ? 0 : MOST_READ + 1;
    this.#kept = [];
    this.#size = 0;
  }

  /** Takes the next piece; it may be reused afterwards. */
  feed(piece: Uint8Array): void {
    if (this.#size === 0 && this.#keep === 0 && mayBeKeystore(piece)) this.#keep = KEYSTORE_HEAD;
    if (this.#size < this.#keep) this.#kept.push(Buffer.from(piece.subarray(0, this.#keep - this.#size)));
    this.#size += piece.length;
    this.#content.feed(piece);
  }

  /**
   * Ends the file.
   * @param identity what makes two files the same, such as their sha256: names keystores
   * @returns its findings in their order, one for each place
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
    if (this.#reader === null || this.#size > MOST_READ) return [];
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
