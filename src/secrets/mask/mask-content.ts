import { scanContent } from '../readers/text-scanner.ts';
import type { Span } from '../span.ts';
import type { Masker } from './masker.ts';

const STAR = 0x2a;
/** Bytes that are not masked: line ends, and the zero byte of a UTF-16 character. */
const KEPT: ReadonlySet<number> = new Set([0x00, 0x0a, 0x0d]);

/**
 * Returns the ranges of a content that contain credentials, in order and without overlaps. Examples and
 * placeholders are left out.
 * @param bytes a file or a piece of one
 * @param path in the image: selects a reader in addition to the rules; null for a piece, which no reader can
 *   parse
 */
export function contentSecrets(bytes: Uint8Array, path: string | null, masker: Masker): readonly Span[] {
  const hits = scanContent(bytes, path, masker.rules).filter(
    ({ verdict }) => verdict !== 'placeholder' && verdict !== 'known-example',
  );
  return mergedSpans(hits.map(({ end, start }) => ({ start, end })));
}

/** Sorts ranges, merges those that overlap, and drops empty ones. */
export function mergedSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const before = merged.at(-1);
    if (span.end <= span.start) continue;
    if (before === undefined || span.start >= before.end) merged.push(span);
    else if (span.end > before.end) merged[merged.length - 1] = { start: before.start, end: span.end };
  }
  return merged;
}

/**
 * Returns the content with the ranges masked byte for byte, so that offsets and line numbers do not change.
 * Returns `bytes` itself if there are no ranges.
 * @param spans may extend beyond the content
 */
export function maskContent(bytes: Uint8Array, spans: readonly Span[]): Uint8Array {
  if (spans.length === 0) return bytes;
  const masked = Uint8Array.from(bytes);
  for (const { end, start } of spans) {
    for (let at = Math.max(0, start); at < Math.min(end, masked.length); at++) {
      if (!KEPT.has(masked[at]!)) masked[at] = STAR;
    }
  }
  return masked;
}
