/**
 * Splits the arguments of a Dockerfile instruction at white space, as the builder does for ENV, LABEL,
 * ARG, COPY and ADD. Each word keeps its quotes and escapes.
 */
export function dockerfileWords(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '\\' && quote !== "'" && at + 1 < text.length) word += char + text[++at]!;
    else if (quote === '' && /\s/.test(char)) {
      if (word !== '') words.push(word);
      word = '';
    } else {
      if (char === quote) quote = '';
      else if (quote === '' && (char === '"' || char === "'")) quote = char;
      word += char;
    }
  }
  return word === '' ? words : [...words, word];
}

/** Joins the continued lines of an instruction into one line, without the comments and empty lines between them. */
export function joinedLines(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  return [first, ...rest.filter((line) => !/^\s*(?:#|$)/.test(line))]
    .map((line, at, lines) => (at < lines.length - 1 ? line.replace(/[\\`]\s*$/, '') : line))
    .join('')
    .trim();
}
