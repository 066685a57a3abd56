import { displayWidth, graphemes } from './width.ts';

/**
 * Breaks a text into lines of at most `width` cells: at spaces where there are any, else between
 * letters. Nothing is lost but the spaces at which it was broken.
 * @param text escaped, without line feeds
 * @param indent cells that every line but the first leaves free; they are not part of the lines
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
    // What no line has room for begins here; anything else goes to the next line whole.
    if (used > 0 && used + cells > room() && cells <= Math.max(2, width - indent)) close();
    // The space at which a line was broken does not begin the next one.
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
