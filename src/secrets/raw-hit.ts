import type { Confidence, Severity } from '../finding/finding.ts';
import type { Verdict } from './rule.ts';

/** How a value was written, where it did not stand there as it is. */
type Encoding = 'base64' | 'utf-16';

/** One credential at one place of one content. */
export interface RawHit {
  /** Id of the rule, or of the reader that found it. */
  readonly rule: string;
  readonly title: string;
  /** Bytes of the content that hold the value: [start, end). */
  readonly start: number;
  readonly end: number;
  /** Line from 1, or null in binary content. */
  readonly line: number | null;
  /** What the credential is, decoded: the same wherever and however it is written. */
  readonly value: Uint8Array;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly via: Encoding | null;
  /** Facts for the report. They come from the content: escape them before they are shown. */
  readonly details: Readonly<Record<string, string>>;
  /** 0 for a form of its own, 1 for a form and a name, 2 for a name alone: of two at one place the lower stays. */
  readonly tier: 0 | 1 | 2;
}

/** A hit, and what was unpacked on the way to it, outermost first. */
export interface PlacedHit {
  readonly hit: RawHit;
  readonly inside: readonly string[];
}

/** A hit without memory that belongs to others, so that little is copied between threads. */
export function ownHit(hit: RawHit): RawHit {
  return { ...hit, value: Uint8Array.from(hit.value) };
}
