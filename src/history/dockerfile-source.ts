import type { HistoryAlignment } from './align.ts';

/** One instruction in the text of a Dockerfile. */
export interface SourceInstruction {
  readonly keyword: string;
  /** First line, counted from 0. */
  readonly first: number;
  /** Last line, inclusive. */
  readonly last: number;
}

/** The history entry of each line of a Dockerfile; null for lines without one. */
export type LineEntries = readonly (number | null)[];

/**
 * Returns the history entry of each line of the Dockerfile that the image was built from. The
 * instructions of the last stage are the last entries of the history, one for one. If they are not,
 * another target was built, and no line has an entry.
 */
export function entriesOfSource(lines: readonly string[], history: HistoryAlignment): LineEntries {
  const instructions = sourceInstructions(lines);
  const from = instructions.findLastIndex(({ keyword }) => keyword === 'FROM');
  const own = instructions.slice(from + 1);
  const start = history.entries.length - own.length;
  const entries: (number | null)[] = lines.map(() => null);
  const matches = own.every(({ keyword }, index) => history.instructions[start + index]?.keyword === keyword);
  if (start < 0 || !matches) return entries;
  for (const [index, { first, last }] of own.entries()) {
    for (let line = first; line <= last; line++) entries[line] = start + index;
  }
  return entries;
}

/** Splits the lines of a Dockerfile into instructions, with their continued lines and here-documents. */
export function sourceInstructions(lines: readonly string[]): SourceInstruction[] {
  const escape = /^#\s*escape\s*=\s*`\s*$/i.test(lines[0] ?? '') ? '`' : '\\';
  const found: SourceInstruction[] = [];
  for (let at = 0; at < lines.length; at++) {
    const keyword = /^\s*([A-Za-z]+)(?=\s|$)/.exec(lines[at]!)?.[1];
    if (keyword === undefined) continue;
    const first = at;
    // A comment or an empty line does not end a continued instruction.
    while (at < lines.length - 1 && (lines[at]!.trimEnd().endsWith(escape) || isSkipped(lines, at, first)))
      at++;
    at = endOfHeredocs(lines, first, at);
    found.push({ keyword: keyword.toUpperCase(), first, last: at });
  }
  return found;
}

function isSkipped(lines: readonly string[], at: number, first: number): boolean {
  return at > first && /^\s*(?:#|$)/.test(lines[at]!);
}

/** Returns the last line of the last here-document of an instruction; `last` if it has none. */
function endOfHeredocs(lines: readonly string[], first: number, last: number): number {
  const text = lines.slice(first, last + 1).join('\n');
  if (!/^\s*(?:RUN|COPY|ADD)\s/i.test(text)) return last;
  let at = last;
  for (const [, dash, word] of text.matchAll(/<<(-?)["']?([A-Za-z_]\w*)["']?/g)) {
    const end = lines.findIndex((line, i) => i > at && (dash === '-' ? line.trimStart() : line) === word);
    // As in the builder, a here-document without a delimiter extends to the end of the file.
    if (end < 0) return lines.length - 1;
    at = end;
  }
  return at;
}
