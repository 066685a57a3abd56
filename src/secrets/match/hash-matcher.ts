import { RunningTexture } from '../entropy.ts';
import { byteSet } from '../gate.ts';
import { LONG, valueFingerprint } from '../identity.ts';
import type { RawHit } from '../raw-hit.ts';
import { type AnchorFinder, type AnchorHit, plainLines } from './anchor-scanner.ts';
import { isInsideWord } from './boundary.ts';
import { type ContentMatcher, matchWhole, type View } from './matcher.ts';
import { type KnownHash, valueHit } from './value-search.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** The characters of base64, base64url and their padding. */
const BASE64 = byteSet('A-Za-z0-9+/_=-');
/** A value that can be named by its hash has at least so many different bytes. */
const LEAST_DIFFERENT = 8;

/**
 * Finds values of which only the length and the fingerprint are known. It hashes what can be such a value: runs
 * of visible characters of that length that look random and begin and end where a word does, and contents
 * of that length. A value of which the beginning is known is hashed wherever that beginning stands.
 */
export class HashMatcher implements ContentMatcher {
  readonly finder: AnchorFinder;
  readonly #shortest: number;
  /** Lengths that base64 of a value has, with and without padding and a line end. */
  readonly #encoded: ReadonlySet<number>;
  /** The longest first. */
  readonly #lengths: readonly number[];
  /** Fingerprints by the length of their values. */
  readonly #wanted: ReadonlyMap<number, ReadonlySet<string>>;
  /** Values of which the beginning is known, by what they begin with. */
  readonly #begun: readonly Begun[];
  /** The first bytes of those beginnings. */
  readonly #firstBytes = new Uint8Array(256);
  /** The check in which each byte was seen last. */
  readonly #seen = new Uint32Array(256);
  #checks = 0;
  readonly #texture = new RunningTexture();

  constructor(values: readonly KnownHash[]) {
    this.#wanted = byLength(values.filter(({ begins }) => begins.length === 0));
    const beginnings = new Set(values.flatMap(({ begins }) => begins));
    this.#begun = [...beginnings].map((text) => ({
      text: Buffer.from(text, 'latin1'),
      wanted: byLength(values.filter(({ begins }) => begins.includes(text))),
    }));
    for (const { text } of this.#begun) this.#firstBytes[text[0]!] = 1;
    this.#shortest = Math.min(...values.map(({ length }) => length));
    this.#encoded = new Set(
      [...this.#wanted.keys()].flatMap((length) => [...base64Lengths(length), ...base64Lengths(length + 1)]),
    );
    this.#lengths = [...this.#wanted.keys(), ...this.#encoded].toSorted((a, b) => b - a);
    this.finder = {
      outputs: () => [],
      scanner: {
        room: null,
        countLines: plainLines,
        scan: (bytes, from, to, hit) => this.#starts(bytes, from, to, hit),
      },
    };
  }

  matchWhole(bytes: Uint8Array): RawHit[] {
    return matchWhole(this, bytes);
  }

  check(view: View, start: number, _state: number, hits: RawHit[]): void {
    const { base, bytes, high, low } = view;
    this.#checkBegun(view, start, hits);
    if (start > low && isInsideWord(bytes, start, low)) return;
    const check = this.#nextCheck();
    const stop = start + this.#longestThatEnds(view, start);
    const texture = this.#texture;
    texture.reset();
    let different = 0;
    let encodable = true;
    let at = start;
    for (; at < stop && isVisible(bytes[at]!); at++) {
      if (this.#seen[bytes[at]!] !== check) {
        this.#seen[bytes[at]!] = check;
        different++;
      }
      texture.add(bytes[at]!);
      encodable &&= BASE64[bytes[at]!] === 1;
      const length = at + 1 - start;
      if (length < this.#shortest || different < LEAST_DIFFERENT) continue;
      const wanted = this.#wanted.get(length);
      const isEncoded = encodable && this.#encoded.has(length) && texture.isMixed();
      if (wanted === undefined && !isEncoded) continue;
      if (at + 1 < high && isInsideWord(bytes, at + 1, low)) continue;
      if (isEncoded) this.#decode(view, start, at + 1, hits);
      if (wanted === undefined || (length < LONG && !texture.mayBeRandom())) continue;
      this.#compare(view, start, at + 1, wanted, hits);
    }
    if (base + start !== 0 || start !== low) return;
    // A file that is the value, which may be one of several lines.
    let end = high;
    while (end > at && (bytes[end - 1] === NEWLINE || bytes[end - 1] === RETURN)) end--;
    for (let to = Math.max(end, at + 1); to <= high; to++) {
      const wanted = this.#wanted.get(to - start);
      if (wanted !== undefined) this.#compare(view, start, to, wanted, hits);
    }
  }

  /** Compares what begins as a value does, whatever stands before and after it. */
  #checkBegun(view: View, start: number, hits: RawHit[]): void {
    const { bytes, high } = view;
    if (this.#firstBytes[bytes[start]!] === 0) return;
    for (const { text, wanted } of this.#begun) {
      if (!text.every((byte, index) => bytes[start + index] === byte)) continue;
      for (const [length, fingerprints] of wanted) {
        if (start + length <= high) this.#compare(view, start, start + length, fingerprints, hits);
      }
    }
  }

  resolve(hits: readonly RawHit[]): RawHit[] {
    const sorted = hits.toSorted((a, b) => a.start - b.start || b.end - a.end);
    // Base64 with its padding and without is the same place.
    return sorted.filter(({ start, via }, index) => via === null || sorted[index - 1]?.start !== start);
  }

  /** The longest length at which a value that begins at `start` may end; 0 for none. */
  #longestThatEnds({ bytes, high, low }: View, start: number): number {
    for (const length of this.#lengths) {
      const end = start + length;
      if (end > high || !isVisible(bytes[end - 1]!)) continue;
      if (end === high || !isInsideWord(bytes, end, low)) return length;
    }
    return 0;
  }

  /** What base64 stands for is compared, without a line end that was encoded with it. */
  #decode({ base, bytes }: View, start: number, end: number, hits: RawHit[]): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    const decoded = Buffer.from(text, 'base64');
    const value = decoded.at(-1) === NEWLINE ? decoded.subarray(0, -1) : decoded;
    if (this.#wanted.get(value.length)?.has(valueFingerprint(value)) !== true) return;
    hits.push({ ...valueHit(Uint8Array.from(value), base + start), end: base + end, via: 'base64' });
  }

  #compare(
    { base, bytes }: View,
    start: number,
    end: number,
    wanted: ReadonlySet<string>,
    hits: RawHit[],
  ): void {
    const value = bytes.subarray(start, end);
    if (wanted.has(valueFingerprint(value))) hits.push(valueHit(Uint8Array.from(value), base + start));
  }

  /**
   * Reports where a value may begin: in front of a word or a sign, or of the first byte of a known beginning, where
   * enough visible characters follow.
   */
  #starts(bytes: Uint8Array, from: number, to: number, hit: AnchorHit): void {
    let at = from;
    // The whole content may be a value, whatever it begins with.
    if (from === 0 && to > 0) hit(0, 0);
    while (at < to) {
      while (at < to && !isVisible(bytes[at]!)) at++;
      const run = at;
      while (at < to && isVisible(bytes[at]!)) at++;
      // The run may go on behind `to`.
      const last = at === to ? to - 1 : at - this.#shortest;
      for (let start = run; start <= last; start++) {
        if (start === 0) continue;
        if (this.#firstBytes[bytes[start]!] === 1 || !isInsideWord(bytes, start, 0)) hit(start, 0);
      }
    }
  }

  #nextCheck(): number {
    this.#checks = (this.#checks + 1) >>> 0;
    if (this.#checks === 0) this.#seen.fill(0);
    return this.#checks;
  }
}

/** What values begin with, and their fingerprints by length. */
interface Begun {
  readonly text: Uint8Array;
  readonly wanted: ReadonlyMap<number, ReadonlySet<string>>;
}

function byLength(values: readonly KnownHash[]): ReadonlyMap<number, ReadonlySet<string>> {
  return new Map(
    values.map(({ length }) => [
      length,
      new Set(values.flatMap((each) => (each.length === length ? [each.fingerprint] : []))),
    ]),
  );
}

/** How long the base64 of so many bytes is, with padding and without. */
function base64Lengths(length: number): number[] {
  return [4 * Math.ceil(length / 3), Math.ceil((length * 4) / 3)];
}

function isVisible(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f;
}
