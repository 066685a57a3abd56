import { scanContent } from '../readers/text-scanner.ts';
import type { Span } from '../span.ts';
import type { Masker } from './masker.ts';

const STAR = 0x2a;
/** A line end stays one, and the half of a UTF-16 letter that says nothing stays what it is. */
const KEPT: ReadonlySet<number> = new Set([0x00, 0x0a, 0x0d]);

/**
 * The stretches of a content that hold a credential, in order, none touching another. Examples and
 * placeholders are none.
 * @param bytes a file or a piece of one
 * @param path in the image: decides which reader looks at it beside the rules; null for a piece, which
 *   no reader can read
 */
export function contentSecrets(bytes: Uint8Array, path: string | null, masker: Masker): readonly Span[] {
  const hits = scanContent(bytes, path, masker.rules).filter(
    ({ verdict }) => verdict !== 'placeholder' && verdict !== 'known-example',
  );
  return mergedSpans(hits.map(({ end, start }) => ({ start, end })));
}

/** Stretches in order, those that share bytes made one; empty ones left out. */
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
 * The content with the stretches covered byte for byte, so that offsets and line numbers stay what
 * they are. Nothing is copied where nothing is covered.
 * @param spans may reach over the ends of the bytes
 */
export function coverContent(bytes: Uint8Array, spans: readonly Span[]): Uint8Array {
  if (spans.length === 0) return bytes;
  const covered = Uint8Array.from(bytes);
  for (const { end, start } of spans) {
    for (let at = Math.max(0, start); at < Math.min(end, covered.length); at++) {
      if (!KEPT.has(covered[at]!)) covered[at] = STAR;
    }
  }
  return covered;
}
