import type { DockerfileFacts } from '../../report/dockerfile-facts.ts';
import { escapeText } from '../../text/escape.ts';
import { wrapText } from '../../text/wrap.ts';

/** A row of the Dockerfile beside the history; long lines take several. */
export interface DockerfileRow {
  /** Escaped, credentials covered. */
  readonly text: string;
  readonly indent: number;
  /** `keyword`: the row begins with one. */
  readonly kind: 'keyword' | 'more' | 'comment';
  /** Had to be worked out. */
  readonly isInferred: boolean;
  /** Place of the line that it is of; -1 for a note on the whole. */
  readonly line: number;
  /** The history entry that it stands for; null for what no entry says. */
  readonly entry: number | null;
}

const INDENT = 4;
const TAB = '    ';

/**
 * A Dockerfile as rows of at most `width` cells. What is not certain stands in a comment below its line,
 * what holds for all of it at the end.
 */
export function dockerfileRows({ lines, notes }: DockerfileFacts, width: number): readonly DockerfileRow[] {
  const rows: DockerfileRow[] = [];
  for (const [line, { basis, historyIndex: entry, note, text }] of lines.entries()) {
    const isInferred = basis === 'inferred';
    const put = (part: string, kind: DockerfileRow['kind']): void => {
      wrapText(visible(part), width, INDENT).forEach((piece, i) => {
        const isFirst = i === 0;
        const own = isFirst || kind === 'comment' ? kind : 'more';
        rows.push({ text: piece, indent: isFirst ? 0 : INDENT, kind: own, isInferred, line, entry });
      });
    };
    text
      .split('\n')
      .forEach((part, i) => put(part, part.startsWith('#') ? 'comment' : i === 0 ? 'keyword' : 'more'));
    if (note !== null) put(`# ${note}`, 'comment');
  }
  for (const note of notes) {
    for (const piece of wrapText(visible(`# ${note}`), width)) {
      rows.push({ text: piece, indent: 0, kind: 'comment', isInferred: false, line: -1, entry: null });
    }
  }
  return rows;
}

/** A backslash is usual at the end of such a line; what acts on a terminal is made visible. */
function visible(text: string): string {
  return text
    .split('\t')
    .map((part) => escapeText(part).replaceAll('\\\\', '\\'))
    .join(TAB);
}
