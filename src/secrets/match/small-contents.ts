import { detectUtf16 } from './decode.ts';
import { BINARY_HEAD, type ContentMatcher, type View } from './matcher.ts';
import type { RawHit } from '../raw-hit.ts';
import { looksBinary, MAX_HITS } from './content-scanner.ts';

const NEWLINE = 0x0a;
/**
 * Separates contents. A scanner with a buffer has no anchor that contains it, so no anchor spans two
 * contents.
 */
const SEPARATOR = 0;
/** A content in the buffer. */
interface SmallContent {
  /** Its range in the buffer. */
  readonly start: number;
  readonly end: number;
  readonly take: TakeHits;
}

/** Receives the hits of one content. Called only if there are any. */
export type TakeHits = (hits: RawHit[]) => void;

/**
 * Scans many small contents at once. Most files are so small that starting a scan costs more than the scan
 * itself. They are placed one after another in the memory of the scanner. The hits are the same as for each
 * content alone.
 */
export class SmallContents {
  readonly #matcher: ContentMatcher;
  #contents: SmallContent[] = [];
  #filled = 0;

  private constructor(matcher: ContentMatcher) {
    this.#matcher = matcher;
  }

  /** Returns the instance for a matcher. There is only one, because they would share the matcher's buffer. */
  static of(matcher: ContentMatcher): SmallContents {
    const known = all.get(matcher);
    if (known !== undefined) return known;
    const made = new SmallContents(matcher);
    all.set(matcher, made);
    return made;
  }

  /**
   * Adds a complete content; its memory may be reused afterwards.
   * @param take called before the next {@link flush} returns, in the order of the contents
   * @returns false if the content was not taken: it is too large, or UTF-16
   */
  add(content: Uint8Array, take: TakeHits): boolean {
    const { buffer } = this.#matcher.finder.scanner;
    if (buffer === null || content.length >= buffer.bytes.length || detectUtf16(content) !== null)
      return false;
    if (this.#filled + content.length >= buffer.bytes.length) this.flush();
    const start = this.#filled;
    const end = start + content.length;
    buffer.bytes.set(content, start);
    this.#contents.push({ start, end, take });
    buffer.bytes[end] = SEPARATOR;
    this.#filled = end + 1;
    return true;
  }

  /** Scans the contents that were added. */
  flush(): void {
    const { buffer } = this.#matcher.finder.scanner;
    if (buffer === null || this.#contents.length === 0) return;
    const contents = this.#contents;
    const places: number[] = [];
    buffer.scan(this.#filled, (last, state) => places.push(last, state));
    this.#contents = [];
    this.#filled = 0;
    let from = 0;
    for (const { end, start, take } of contents) {
      let to = from;
      while (to < places.length && places[to]! < end) to += 2;
      if (to === from) continue;
      const hits = this.#check(buffer.bytes, start, end, places, from, to);
      from = to;
      if (hits.length > 0) take(hits);
    }
  }

  /** Checks the rules at the anchors found in one content. */
  #check(
    bytes: Uint8Array,
    start: number,
    end: number,
    places: readonly number[],
    from: number,
    to: number,
  ): RawHit[] {
    const binary = looksBinary(bytes.subarray(start, Math.min(end, start + BINARY_HEAD)));
    const view: View = { bytes, low: start, high: end, base: -start, binary };
    const hits: RawHit[] = [];
    for (let at = from; at < to && hits.length < MAX_HITS; at += 2) {
      this.#matcher.check(view, places[at]!, places[at + 1]!, hits);
    }
    if (hits.length === 0) return hits;
    const kept = this.#matcher.resolve(hits);
    return binary ? kept : withLineNumbers(bytes, start, kept);
  }
}

const all = new WeakMap<ContentMatcher, SmallContents>();

/** Sets the line numbers of hits, which must be in content order. */
function withLineNumbers(bytes: Uint8Array, start: number, hits: readonly RawHit[]): RawHit[] {
  let line = 1;
  let at = start;
  return hits.map((hit) => {
    for (; at < start + hit.start; at++) if (bytes[at] === NEWLINE) line++;
    return { ...hit, line };
  });
}
