import type { RawHit } from '../raw-hit.ts';
import { SCAN_CAPACITY } from './anchor-scanner.ts';
import { detectUtf16, narrowUtf16, type Utf16 } from './decode.ts';
import { BINARY_HEAD, LOOK_AHEAD, LOOK_BACK, type ContentMatcher, type View } from './matcher.ts';

const NEWLINE = 0x0a;
/** Maximum number of hits per content. A file with more is a list of tokens, or an attack on memory. */
export const MAX_HITS = 10_000;
const KEPT = LOOK_BACK + LOOK_AHEAD;

/**
 * Scans one content after another, each given in pieces of any size. Memory does not grow with the content:
 * it keeps a window that is wide enough for every rule. The hits do not depend on how the content is split.
 */
export class ContentScanner {
  readonly #matcher: ContentMatcher;
  readonly #window = new Uint8Array(KEPT + SCAN_CAPACITY);
  /** Anchors whose surroundings are not complete yet: (offset in the content, state) pairs, in order. */
  #waiting: number[] = [];
  #hits: RawHit[] = [];
  #filled = 0;
  #scanned = 0;
  #base = 0;
  #lines = 0;
  #countedTo = 0;
  #form: Utf16 | null = null;
  #oddByte: number | null = null;
  #binary = false;
  #opened = false;

  constructor(matcher: ContentMatcher) {
    this.#matcher = matcher;
  }

  /** Adds the next piece; its memory may be reused afterwards. */
  feed(piece: Uint8Array): void {
    const bytes = this.#form === null ? piece : this.#narrow(piece, this.#form);
    let at = 0;
    while (at < bytes.length) {
      const count = Math.min(bytes.length - at, this.#window.length - this.#filled);
      this.#window.set(bytes.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled < this.#window.length) return;
      const rest = this.#open(bytes.subarray(at));
      if (rest !== null) {
        this.feed(rest);
        return;
      }
      this.#work(false);
      this.#slide();
    }
  }

  /**
   * Ends the content and resets the scanner for the next one.
   * @returns the hits in content order
   */
  end(): RawHit[] {
    this.#open(new Uint8Array(0));
    this.#work(true);
    const scale = this.#form === null ? 1 : 2;
    const hits = this.#matcher.resolve(this.#hits);
    const form = this.#form;
    this.#reset();
    if (form === null) return hits;
    return hits.map((hit) => ({
      ...hit,
      start: hit.start * scale,
      end: hit.end * scale,
      via: hit.via ?? 'utf-16',
    }));
  }

  /**
   * Classifies the content once its head is complete. UTF-16 is narrowed to one byte per character.
   * @returns bytes of the piece that must be fed again, or null if nothing changes
   */
  #open(rest: Uint8Array): Uint8Array | null {
    if (this.#opened) return null;
    this.#opened = true;
    const head = this.#window.subarray(0, Math.min(this.#filled, BINARY_HEAD));
    this.#form = detectUtf16(head);
    if (this.#form === null) {
      this.#binary = looksBinary(head);
      return null;
    }
    const narrow = this.#narrow(this.#window.slice(0, this.#filled), this.#form);
    this.#window.set(narrow);
    this.#filled = narrow.length;
    return rest;
  }

  /** A byte pair may be split between two pieces. */
  #narrow(piece: Uint8Array, form: Utf16): Uint8Array {
    const whole = this.#oddByte === null ? piece : Buffer.concat([Buffer.from([this.#oddByte]), piece]);
    const even = whole.length & ~1;
    this.#oddByte = even < whole.length ? whole[even]! : null;
    return narrowUtf16(whole.subarray(0, even), form);
  }

  #work(last: boolean): void {
    const { scanner } = this.#matcher.finder;
    const window = this.#window;
    while (this.#scanned < this.#filled) {
      const to = Math.min(this.#filled, this.#scanned + SCAN_CAPACITY);
      scanner.scan(window, this.#scanned, to, (place, state) => {
        this.#waiting.push(this.#base + place, state);
      });
      this.#scanned = to;
    }
    const view: View = {
      bytes: window,
      low: 0,
      high: this.#filled,
      base: this.#base,
      binary: this.#binary,
    };
    const ready = last ? Infinity : this.#base + this.#filled - LOOK_AHEAD;
    let taken = 0;
    const before = this.#hits.length;
    for (; taken < this.#waiting.length && this.#waiting[taken]! < ready; taken += 2) {
      if (this.#hits.length >= MAX_HITS) continue;
      this.#matcher.check(view, this.#waiting[taken]! - this.#base, this.#waiting[taken + 1]!, this.#hits);
    }
    this.#waiting.splice(0, taken);
    if (!this.#binary) this.#number(before);
  }

  /** Sets the line numbers of the new hits. */
  #number(from: number): void {
    for (let index = from; index < this.#hits.length; index++) {
      const hit = this.#hits[index]!;
      this.#hits[index] = { ...hit, line: this.#lineAt(hit.start) };
    }
  }

  #lineAt(offset: number): number {
    const at = offset - this.#base;
    let line = this.#lines + 1;
    if (at < this.#countedTo) {
      for (let i = at; i < this.#countedTo; i++) if (this.#window[i] === NEWLINE) line--;
      return line;
    }
    this.#count(at);
    return this.#lines + 1;
  }

  #count(to: number): void {
    for (let from = this.#countedTo; from < to; from += SCAN_CAPACITY) {
      const stop = Math.min(to, from + SCAN_CAPACITY);
      this.#lines += this.#matcher.finder.scanner.countLines(this.#window, from, stop);
    }
    this.#countedTo = Math.max(this.#countedTo, to);
  }

  /** Discards the bytes that no rule can read any more. */
  #slide(): void {
    const drop = this.#filled - KEPT;
    if (!this.#binary && this.#countedTo < drop) this.#count(drop);
    this.#window.copyWithin(0, drop, this.#filled);
    this.#filled = KEPT;
    this.#scanned -= drop;
    this.#countedTo = Math.max(0, this.#countedTo - drop);
    this.#base += drop;
  }

  #reset(): void {
    this.#waiting = [];
    this.#hits = [];
    this.#filled = 0;
    this.#scanned = 0;
    this.#base = 0;
    this.#lines = 0;
    this.#countedTo = 0;
    this.#form = null;
    this.#oddByte = null;
    this.#binary = false;
    this.#opened = false;
  }
}

/**
 * Reports whether a content is binary, so that only rules with a distinctive format apply. SQLite databases
 * count as text: their pages contain texts as they are (fileformat2.html §2.1).
 * @param head the first {@link BINARY_HEAD} bytes, or the whole content if it is shorter
 */
export function looksBinary(head: Uint8Array): boolean {
  // Searching a Buffer is many times as fast as searching a Uint8Array.
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  return bytes.includes(0) && bytes.toString('latin1', 0, 16) !== 'SQLite format 3\0';
}
