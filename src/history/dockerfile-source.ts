import type { HistoryAlignment } from './align.ts';

/** One instruction of a Dockerfile's own text. */
export interface SourceInstruction {
  readonly keyword: string;
  /** Of its lines, from 0. */
  readonly first: number;
  readonly last: number;
}

/** The history entry that stands for each line of a Dockerfile; null for lines that made none. */
export type LineEntries = readonly (number | null)[];

/**
 * Tells which history entry each line of the build's own Dockerfile made. The instructions of the last
 * stage are the last entries of the history, one for one; where they are not (another target was built)
 * no line has one.
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

/** Takes lines together: those continued by the escape character, and here-documents with their end. */
export function sourceInstructions(lines: readonly string[]): SourceInstruction[] {
  const escape = /^#\s*escape\s*=\s*`\s*$/i.test(lines[0] ?? '') ? '`' : '\\';
  const found: SourceInstruction[] = [];
  for (let at = 0; at < lines.length; at++) {
    const keyword = /^\s*([A-Za-z]+)(?=\s|$)/.exec(lines[at]!)?.[1];
    if (keyword === undefined) continue;
    const first = at;
    // A comment or an empty line in between does not end a continued instruction.
    while (at < lines.length - 1 && (lines[at]!.trimEnd().endsWith(escape) || passedOver(lines, at, first)))
      at++;
    at = endOfHeredocs(lines, first, at);
    found.push({ keyword: keyword.toUpperCase(), first, last: at });
  }
  return found;
}

function passedOver(lines: readonly string[], at: number, first: number): boolean {
  return at > first && /^\s*(?:#|$)/.test(lines[at]!);
}

/** The line with which the last here-document of an instruction ends. */
function endOfHeredocs(lines: readonly string[], first: number, last: number): number {
  const text = lines.slice(first, last + 1).join('\n');
  if (!/^\s*(?:RUN|COPY|ADD)\s/i.test(text)) return last;
  let at = last;
  for (const [, dash, word] of text.matchAll(/<<(-?)["']?([A-Za-z_]\w*)["']?/g)) {
    const end = lines.findIndex((line, i) => i > at && (dash === '-' ? line.trimStart() : line) === word);
    // One without an end takes all that follows, as it does when it is built.
    if (end < 0) return lines.length - 1;
    at = end;
  }
  return at;
}
