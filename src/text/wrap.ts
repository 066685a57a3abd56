import { displayWidth, graphemes } from './width.ts';

/**
 * Breaks text into lines of at most `width` cells: at spaces if possible, else between characters. Only
 * the spaces at line breaks are dropped.
 * @param text escaped, without line feeds
 * @param indent cells to reserve in every line but the first; the returned lines do not include them
 */
export function wrapText(text: string, width: number, indent = 0): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const room = (): number => Math.max(2, lines.length === 0 ? width : width - indent);
  const close = (): void => {
    lines.push(line.trimEnd());
    line = '';
    used = 0;
  };
  for (const word of text.match(/ +|[^ ]+/g) ?? []) {
    const cells = displayWidth(word);
    // A word that is longer than a line begins here; any other word moves to the next line.
    if (used > 0 && used + cells > room() && cells <= Math.max(2, width - indent)) close();
    // Drop the space at the line break.
    if (word.startsWith(' ') && line === '' && lines.length > 0) continue;
    if (used + cells <= room()) {
      line += word;
      used += cells;
      continue;
    }
    for (const letter of graphemes(word)) {
      const own = displayWidth(letter);
      if (used > 0 && used + own > room()) close();
      line += letter;
      used += own;
    }
  }
  if (line !== '' || lines.length === 0) close();
  return lines;
}
