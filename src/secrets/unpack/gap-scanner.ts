import { ContentScanner } from '../match/content-scanner.ts';
import type { ContentMatcher } from '../match/matcher.ts';
import type { RawHit } from '../raw-hit.ts';

/** Precedes each gap. No anchor contains it, so none spans two gaps; and it makes the content binary. */
const SEPARATOR = new Uint8Array(1);

const NOWHERE = -1;

/**
 * Scans the bytes of a container outside its members: headers, names, comments, padding, leading and trailing
 * bytes. Only rules with a distinctive format apply there.
 */
export class GapScanner {
  readonly #content: ContentScanner;
  /** Start of each gap in the scanner's input and in the container. */
  #given: number[] = [];
  #starts: number[] = [];
  #length = 0;
  #next = NOWHERE;

  constructor(matcher: ContentMatcher) {
    this.#content = new ContentScanner(matcher);
  }

  /**
   * Adds the next range; its memory may be reused afterwards.
   * @param offset in the container; a range that follows the previous one directly continues its gap
   */
  feed(bytes: Uint8Array, offset: number): void {
    if (bytes.length === 0) return;
    if (offset !== this.#next) {
      this.#content.feed(SEPARATOR);
      this.#length++;
      this.#given.push(this.#length);
      this.#starts.push(offset);
    }
    this.#content.feed(bytes);
    this.#length += bytes.length;
    this.#next = offset + bytes.length;
  }

  /** Ends a gap, even if the next one follows directly. */
  cut(): void {
    this.#next = NOWHERE;
  }

  /**
   * Ends the container and resets the scanner for the next one.
   * @returns hits with offsets in the container
   */
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
