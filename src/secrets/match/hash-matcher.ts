import { RunningTexture } from '../entropy.ts';
import { byteSet } from '../gate.ts';
import { KEY_LENGTH, valueFingerprint } from '../identity.ts';
import type { RawHit } from '../raw-hit.ts';
import { type AnchorFinder, type AnchorHit, plainLines } from './anchor-scanner.ts';
import { isInsideWord } from './boundary.ts';
import { type ContentMatcher, matchWhole, type View } from './matcher.ts';
import { type KnownHash, valueHit } from './value-search.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** The characters of base64, base64url and their padding. */
const BASE64 = byteSet('A-Za-z0-9+/_=-');
/** A value that is identified by its hash has at least this many different bytes. */
const MIN_DIFFERENT = 8;

/**
 * Finds values whose length and fingerprint alone are known. It hashes everything that may be such a value: runs
 * of visible characters of that length that look random and begin and end at word boundaries, and whole contents
 * of that length. A value with a known prefix is hashed wherever that prefix occurs.
 */
export class HashMatcher implements ContentMatcher {
  readonly finder: AnchorFinder;
  readonly #shortest: number;
  /** Possible lengths of the values in base64, with and without padding and an encoded line end. */
  readonly #encoded: ReadonlySet<number>;
  /** Longest first. */
  readonly #lengths: readonly number[];
  /** Fingerprints by length of their values. */
  readonly #wanted: ReadonlyMap<number, ReadonlySet<string>>;
  /** Values with a known prefix. */
  readonly #prefixed: readonly PrefixedValues[];
  /** 1 for the first byte of each of those prefixes. */
  readonly #firstBytes = new Uint8Array(256);
  /** Number of the check that last saw each byte. */
  readonly #seen = new Uint32Array(256);
  #checks = 0;
  readonly #texture = new RunningTexture();

  constructor(values: readonly KnownHash[]) {
    this.#wanted = byLength(values.filter(({ prefixes }) => prefixes.length === 0));
    const distinct = new Set(values.flatMap(({ prefixes }) => prefixes));
    this.#prefixed = [...distinct].map((prefix) => ({
      prefix: Buffer.from(prefix, 'latin1'),
      wanted: byLength(values.filter(({ prefixes }) => prefixes.includes(prefix))),
    }));
    for (const { prefix } of this.#prefixed) this.#firstBytes[prefix[0]!] = 1;
    this.#shortest = Math.min(...values.map(({ length }) => length));
    this.#encoded = new Set(
      [...this.#wanted.keys()].flatMap((length) => [...base64Lengths(length), ...base64Lengths(length + 1)]),
    );
    this.#lengths = [...this.#wanted.keys(), ...this.#encoded].toSorted((a, b) => b - a);
    this.finder = {
      outputs: () => [],
      scanner: {
        buffer: null,
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
    this.#checkPrefixed(view, start, hits);
    if (start > low && isInsideWord(bytes, start, low)) return;
    const check = this.#nextCheck();
    const stop = start + this.#maxLength(view, start);
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
      if (length < this.#shortest || different < MIN_DIFFERENT) continue;
      const wanted = this.#wanted.get(length);
      const isEncoded = encodable && this.#encoded.has(length) && texture.isMixed();
      if (wanted === undefined && !isEncoded) continue;
      if (at + 1 < high && isInsideWord(bytes, at + 1, low)) continue;
      if (isEncoded) this.#decode(view, start, at + 1, hits);
      if (wanted === undefined || (length < KEY_LENGTH && !texture.mayBeRandom())) continue;
      this.#compare(view, start, at + 1, wanted, hits);
    }
    if (base + start !== 0 || start !== low) return;
    // The whole file may be the value, which may have several lines.
    let end = high;
    while (end > at && (bytes[end - 1] === NEWLINE || bytes[end - 1] === RETURN)) end--;
    for (let to = Math.max(end, at + 1); to <= high; to++) {
      const wanted = this.#wanted.get(to - start);
      if (wanted !== undefined) this.#compare(view, start, to, wanted, hits);
    }
  }

  /** Compares the values that start with a known prefix, whatever the text around them is. */
  #checkPrefixed(view: View, start: number, hits: RawHit[]): void {
    const { bytes, high } = view;
    if (this.#firstBytes[bytes[start]!] === 0) return;
    for (const { prefix, wanted } of this.#prefixed) {
      if (!prefix.every((byte, index) => bytes[start + index] === byte)) continue;
      for (const [length, fingerprints] of wanted) {
        if (start + length <= high) this.#compare(view, start, start + length, fingerprints, hits);
      }
    }
  }

  resolve(hits: readonly RawHit[]): RawHit[] {
    const sorted = hits.toSorted((a, b) => a.start - b.start || b.end - a.end);
    // Base64 with and without its padding is the same place.
    return sorted.filter(({ start, via }, index) => via === null || sorted[index - 1]?.start !== start);
  }

  /** Returns the longest length at which a value that begins at `start` may end; 0 if there is none. */
  #maxLength({ bytes, high, low }: View, start: number): number {
    for (const length of this.#lengths) {
      const end = start + length;
      if (end > high || !isVisible(bytes[end - 1]!)) continue;
      if (end === high || !isInsideWord(bytes, end, low)) return length;
    }
    return 0;
  }

  /** Compares the decoded base64 with the values, without an encoded line end. */
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
   * Reports the positions where a value may begin: at a word boundary, or at the first byte of a known prefix,
   * with enough visible characters after it.
   */
  #starts(bytes: Uint8Array, from: number, to: number, hit: AnchorHit): void {
    let at = from;
    // The whole content may be a value, whatever its first byte is.
    if (from === 0 && to > 0) hit(0, 0);
    while (at < to) {
      while (at < to && !isVisible(bytes[at]!)) at++;
      const run = at;
      while (at < to && isVisible(bytes[at]!)) at++;
      // The run may continue after `to`.
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

/** A prefix of values, and the fingerprints of those values by length. */
interface PrefixedValues {
  readonly prefix: Uint8Array;
  readonly wanted: ReadonlyMap<number, ReadonlySet<string>>;
}

/** Groups the fingerprints of values by length. */
function byLength(values: readonly KnownHash[]): ReadonlyMap<number, ReadonlySet<string>> {
  return new Map(
    values.map(({ length }) => [
      length,
      new Set(values.flatMap((each) => (each.length === length ? [each.fingerprint] : []))),
    ]),
  );
}

/** Returns the lengths of the base64 of so many bytes, with and without padding. */
function base64Lengths(length: number): number[] {
  return [4 * Math.ceil(length / 3), Math.ceil((length * 4) / 3)];
}

function isVisible(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f;
}
