import type { Confidence, Severity } from '../finding/finding.ts';
import type { Verdict } from './rule.ts';

/** How a value was encoded in the content. */
type Encoding = 'base64' | 'utf-16';

/** One credential at one place in one content. */
export interface RawHit {
  /** Id of the rule or reader that found it. */
  readonly rule: string;
  readonly title: string;
  /** Range of the value in the content, in bytes: [start, end). */
  readonly start: number;
  readonly end: number;
  /** Line number, from 1; null in binary content. */
  readonly line: number | null;
  /** The decoded credential: the same wherever it occurs and however it is encoded. */
  readonly value: Uint8Array;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly via: Encoding | null;
  /** Facts for the report. They come from the image: escape them before showing them. */
  readonly details: Readonly<Record<string, string>>;
  /**
   * 0 for a distinctive format, 1 for a format and a name, 2 for a name alone. The lower tier wins at one
   * place.
   */
  readonly tier: 0 | 1 | 2;
}

/** A hit and the containers it was unpacked from, outermost first. */
export interface PlacedHit {
  readonly hit: RawHit;
  readonly inside: readonly string[];
}

/** Returns a copy of a hit that owns its memory, so that little is copied between threads. */
export function copyHit(hit: RawHit): RawHit {
  return { ...hit, value: Uint8Array.from(hit.value) };
}
