import { ContentScanner } from '../match/content-scanner.ts';
import type { ContentMatcher } from '../match/matcher.ts';
import type { RawHit } from '../raw-hit.ts';

/** Stands before each gap: no anchor holds it, so none is seen across two, and what holds it is no text. */
const BETWEEN = new Uint8Array(1);

/** No offset. */
const NOWHERE = -1;

/**
 * Looks through what of a container lies outside of its members: headers, names, comments, paddings, bytes
 * before and behind. Only forms of their own count there.
 */
export class GapScanner {
  readonly #content: ContentScanner;
  /** Where each gap begins in what the scanner was given, and in the container. */
  #given: number[] = [];
  #starts: number[] = [];
  #length = 0;
  #next = NOWHERE;

  constructor(matcher: ContentMatcher) {
    this.#content = new ContentScanner(matcher);
  }

  /**
   * Takes the next stretch, which may be reused afterwards.
   * @param offset in the container; what follows the stretch before it goes on with its gap
   */
  feed(bytes: Uint8Array, offset: number): void {
    if (bytes.length === 0) return;
    if (offset !== this.#next) {
      this.#content.feed(BETWEEN);
      this.#length++;
      this.#given.push(this.#length);
      this.#starts.push(offset);
    }
    this.#content.feed(bytes);
    this.#length += bytes.length;
    this.#next = offset + bytes.length;
  }

  /** Ends a gap, even where the next one follows at once. */
  cut(): void {
    this.#next = NOWHERE;
  }

  /** Ends the container, and makes ready for the next one. @returns hits with offsets in the container */
  end(): RawHit[] {
    if (this.#length === 0) return [];
    const hits = this.#content.end().map((hit) => {
      const start = this.#offsetOf(hit.start);
      return { ...hit, start, end: start + hit.end - hit.start };
    });
    this.#given = [];
    this.#starts = [];
    this.#length = 0;
    this.#next = NOWHERE;
    return hits;
  }

  #offsetOf(place: number): number {
    let low = 0;
    let high = this.#given.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#given[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    return this.#starts[low]! + place - this.#given[low]!;
  }
}
