import type { RawHit } from '../raw-hit.ts';
import { type AnchorFinder, automatonFinder } from './anchor-scanner.ts';
import { buildAutomaton } from './automaton.ts';
import { isInsideWord } from './boundary.ts';
import { type ContentMatcher, matchWhole, type View } from './matcher.ts';
import { type KnownText, valueHit } from './value-search.ts';

/** Number of bytes of a value that the automaton matches; the rest is compared at each hit. */
const ANCHOR = 24;

/** Finds known values by their bytes, in text and binary content alike. */
export class TextMatcher implements ContentMatcher {
  readonly finder: AnchorFinder;
  readonly #values: readonly { readonly bytes: Buffer; readonly bounded: boolean }[];

  constructor(values: readonly KnownText[]) {
    this.#values = values.map(({ bounded, text }) => ({ bytes: Buffer.from(text, 'latin1'), bounded }));
    const anchors = values.map(({ text }) => ({ text: text.slice(0, ANCHOR) }));
    this.finder = automatonFinder(buildAutomaton(anchors));
  }

  matchWhole(bytes: Uint8Array): RawHit[] {
    return matchWhole(this, bytes);
  }

  check({ base, bytes, high, low }: View, last: number, state: number, hits: RawHit[]): void {
    for (const index of this.finder.outputs(state)) {
      const { bounded, bytes: value } = this.#values[index]!;
      const start = last + 1 - Math.min(value.length, ANCHOR);
      const end = start + value.length;
      if (start < low || end > high) continue;
      const found = Buffer.from(bytes.buffer, bytes.byteOffset + start, value.length);
      if (!found.equals(value)) continue;
      if (bounded && (isInsideWord(bytes, start, low) || (end < high && isInsideWord(bytes, end, low))))
        continue;
      hits.push(valueHit(value, base + start));
    }
  }

  /** Values may contain each other, so all hits are kept. */
  resolve(hits: readonly RawHit[]): RawHit[] {
    return hits.toSorted((a, b) => a.start - b.start);
  }
}
