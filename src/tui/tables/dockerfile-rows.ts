import type { DockerfileFacts } from '../../report/dockerfile-facts.ts';
import { escapeText } from '../../text/escape.ts';
import { wrapText } from '../../text/wrap.ts';

/** A row of the Dockerfile beside the history; long lines take several. */
export interface DockerfileRow {
  /** Escaped, credentials masked. */
  readonly text: string;
  readonly indent: number;
  /** `keyword`: the row starts with an instruction keyword. */
  readonly kind: 'keyword' | 'more' | 'comment';
  /** Inferred rather than recorded. */
  readonly isInferred: boolean;
  /** Index of the Dockerfile line; -1 for a note about the whole file. */
  readonly line: number;
  /** The history entry of this line; null if no entry records it. */
  readonly entry: number | null;
}

const INDENT = 4;
const TAB = '    ';

/**
 * Returns a Dockerfile as rows of at most `width` cells. The note on a line follows it as a comment; notes on
 * the whole file come last.
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

/** Escapes control characters, but keeps the backslashes that are common in a Dockerfile. */
function visible(text: string): string {
  return text
    .split('\t')
    .map((part) => escapeText(part).replaceAll('\\\\', '\\'))
    .join(TAB);
}
