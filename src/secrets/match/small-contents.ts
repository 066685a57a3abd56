import { detectUtf16 } from './decode.ts';
import { BINARY_HEAD, type ContentMatcher, type View } from './matcher.ts';
import type { RawHit } from '../raw-hit.ts';
import { looksBinary, MOST_HITS } from './content-scanner.ts';

const NEWLINE = 0x0a;
/** No anchor holds it where there is a room, so none is seen across two contents. */
const BETWEEN = 0;
/** A content that was put aside. */
interface SmallContent {
  /** Where it lies in the room. */
  readonly start: number;
  readonly end: number;
  readonly take: TakeHits;
}

/** Takes what one content holds. Called only where that is something. */
export type TakeHits = (hits: RawHit[]) => void;

/**
 * Looks through many small contents at once: most files are so small that beginning with each of them would
 * cost more than looking through it. They are put side by side into the memory of the scanner; what is found
 * is the same as by itself.
 */
export class SmallContents {
  readonly #matcher: ContentMatcher;
  #contents: SmallContent[] = [];
  #filled = 0;

  private constructor(matcher: ContentMatcher) {
    this.#matcher = matcher;
  }

  /** The one of a matcher, whose memory cannot hold two. */
  static of(matcher: ContentMatcher): SmallContents {
    const known = all.get(matcher);
    if (known !== undefined) return known;
    const made = new SmallContents(matcher);
    all.set(matcher, made);
    return made;
  }

  /**
   * Takes a content that is there as a whole; it may be reused afterwards.
   * @param take called before the next {@link flush} returns, for one content after the other
   * @returns false for one that is not for here: it is too large, or UTF-16
   */
  add(content: Uint8Array, take: TakeHits): boolean {
    const { room } = this.#matcher.finder.scanner;
    if (room === null || content.length >= room.bytes.length || detectUtf16(content) !== null) return false;
    if (this.#filled + content.length >= room.bytes.length) this.flush();
    const start = this.#filled;
    const end = start + content.length;
    room.bytes.set(content, start);
    this.#contents.push({ start, end, take });
    room.bytes[end] = BETWEEN;
    this.#filled = end + 1;
    return true;
  }

  /** Looks through what has been taken. */
  flush(): void {
    const { room } = this.#matcher.finder.scanner;
    if (room === null || this.#contents.length === 0) return;
    const contents = this.#contents;
    const places: number[] = [];
    room.scan(this.#filled, (last, state) => places.push(last, state));
    this.#contents = [];
    this.#filled = 0;
    let from = 0;
    for (const { end, start, take } of contents) {
      let to = from;
      while (to < places.length && places[to]! < end) to += 2;
      if (to === from) continue;
      const hits = this.#check(room.bytes, start, end, places, from, to);
      from = to;
      if (hits.length > 0) take(hits);
    }
  }

  /** Tries the rules at the places of one content. */
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
    for (let at = from; at < to && hits.length < MOST_HITS; at += 2) {
      this.#matcher.check(view, places[at]!, places[at + 1]!, hits);
    }
    if (hits.length === 0) return hits;
    const kept = this.#matcher.resolve(hits);
    return binary ? kept : numbered(bytes, start, kept);
  }
}

const all = new WeakMap<ContentMatcher, SmallContents>();

/** Gives hits, which are in their order, their lines. */
function numbered(bytes: Uint8Array, start: number, hits: readonly RawHit[]): RawHit[] {
  let line = 1;
  let at = start;
  return hits.map((hit) => {
    for (; at < start + hit.start; at++) if (bytes[at] === NEWLINE) line++;
    return { ...hit, line };
  });
}
