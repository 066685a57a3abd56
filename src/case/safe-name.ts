import { createHash } from 'node:crypto';
import { escapeText } from '../text/escape.ts';

/** Maximum length of a path segment on common file systems, in bytes. */
const MAX_SEGMENT = 255;

/**
 * Returns a safe file name on the analyst's disk for one segment of a path in an image: no control or invisible
 * characters, no separators, not `.` or `..`, not too long. Different segments give different names.
 * @param segment one decoded segment (see decodeName in text/escape.ts)
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
