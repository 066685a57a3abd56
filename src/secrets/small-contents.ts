import { detectUtf16 } from './decode.ts';
import { BINARY_HEAD, type ContentMatcher, type View } from './matcher.ts';
import type { RawHit } from './raw-hit.ts';
import { looksBinary, MOST_HITS } from './content-scanner.ts';
import { sameTag, type Tag } from './seen-contents.ts';

const NEWLINE = 0x0a;
/** No anchor holds it where there is a room, so none is seen across two contents. */
const BETWEEN = 0;
/** Shorter contents are looked through sooner than told apart: they are half of all, and hold next to nothing. */
const WORTH_TELLING = 1024;
/** Contents in which something was found, of which it is remembered. */
const MOST_REMEMBERED = 10_000;
const NONE: RawHit[] = [];

/** A content that was put aside. */
interface SmallContent {
  /** Where it lies in the room; nowhere where it is the same as another. */
  readonly start: number;
  readonly end: number;
  readonly take: TakeHits;
  /** Null where nobody will ask for it again. */
  readonly tag: Tag | null;
  /** The same content, put aside before it, or what was found in it. */
  readonly same: SmallContent | RawHit[] | null;
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
  /** The contents put aside, by the first word of their tags. */
  readonly #aside = new Map<number, SmallContent>();
  /** Contents in which something was found, the same way. */
  readonly #holding = new Map<number, { readonly tag: Tag; readonly hits: RawHit[] }>();

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
    const tag = content.length < WORTH_TELLING ? null : (room.seen?.tag(start, content.length) ?? null);
    if (tag !== null) {
      if (room.seen!.has(tag)) return true;
      const same = this.#same(tag);
      if (same !== null) {
        this.#contents.push({ start, end: start, take, tag: null, same });
        return true;
      }
    }
    const put: SmallContent = { start, end, take, tag, same: null };
    if (tag !== null) this.#aside.set(tag.a, put);
    this.#contents.push(put);
    room.bytes[end] = BETWEEN;
    this.#filled = end + 1;
    return true;
  }

  /** What is known of a content like that, or will be before it is wanted. */
  #same(tag: Tag): SmallContent | RawHit[] | null {
    const aside = this.#aside.get(tag.a);
    if (aside !== undefined && sameTag(aside.tag!, tag)) return aside;
    const holding = this.#holding.get(tag.a);
    return holding !== undefined && sameTag(holding.tag, tag) ? holding.hits : null;
  }

  /** Looks through what has been taken. */
  flush(): void {
    const { room } = this.#matcher.finder.scanner;
    if (room === null || this.#contents.length === 0) return;
    const contents = this.#contents;
    const places: number[] = [];
    room.scan(this.#filled, (last, state) => places.push(last, state));
    this.#contents = [];
    this.#aside.clear();
    this.#filled = 0;
    const found = new Map<SmallContent, RawHit[]>();
    let from = 0;
    for (const content of contents) {
      const { end, same, start, tag, take } = content;
      let to = from;
      while (to < places.length && places[to]! < end) to += 2;
      let hits = NONE;
      if (to > from) hits = this.#check(room.bytes, start, end, places, from, to);
      else if (same !== null) hits = Array.isArray(same) ? same : (found.get(same) ?? NONE);
      from = to;
      if (hits.length === 0) {
        if (tag !== null) room.seen!.add(tag);
        continue;
      }
      found.set(content, hits);
      if (tag !== null && this.#holding.size < MOST_REMEMBERED) this.#holding.set(tag.a, { tag, hits });
      take(hits);
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
