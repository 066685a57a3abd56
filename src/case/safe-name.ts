import { createHash } from 'node:crypto';
import { escapeText } from '../text/escape.ts';

/** Longest segment that common file systems take, in bytes. */
const MAX_SEGMENT = 255;

/**
 * A name that can be made on the analyst's disk for a segment of an image's path: no control or
 * invisible characters, no separators, no `.` or `..`, not too long. Different segments give
 * different names.
 * @param segment text of one segment, decoded (see text/escape.ts decodeName)
 */
export function safeSegment(segment: string): string {
  const visible = escapeText(segment).replaceAll('/', '\\x2f');
  if (visible === '.' || visible === '..') return visible.replaceAll('.', '\\x2e');
  if (Buffer.byteLength(visible) <= MAX_SEGMENT) return visible;
  const hash = createHash('sha256').update(segment).digest('hex').slice(0, 16);
  let cut = visible;
  while (Buffer.byteLength(cut) > MAX_SEGMENT - hash.length - 1) cut = cut.slice(0, -1);
  return `${cut}~${hash}`;
}
