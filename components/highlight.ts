import type { Token } from '../src/text/theme.ts';
import type { Segment } from '../src/tui/columns/segment.ts';

/**
 * Returns a text with the letters that a search matched highlighted.
 * @param letters indexes in UTF-16 units, ascending; those beyond the text are ignored
 */
export function highlighted(text: string, letters: readonly number[], token: Token): readonly Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (let i = 0; i < letters.length; i++) {
    const start = letters[i]!;
    if (start >= text.length) break;
    let end = start + 1;
    while (letters[i + 1] === end) {
      i++;
      end++;
    }
    if (start > from) segments.push([token, text.slice(from, start)]);
    segments.push(['match', text.slice(start, Math.min(end, text.length))]);
    from = end;
  }
  if (from < text.length) segments.push([token, text.slice(from)]);
  return segments;
}
