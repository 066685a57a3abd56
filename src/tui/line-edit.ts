import { graphemes } from '../text/width.ts';

/** A line being typed: what stands before and after the cursor. */
export interface LineEdit {
  readonly before: string;
  readonly after: string;
}

export const EMPTY_LINE: LineEdit = { before: '', after: '' };

/** The whole line. */
export function lineText(line: LineEdit): string {
  return line.before + line.after;
}

/** Keys that move and delete within a line, by name; as in a shell. */
export type LineKey =
  'left' | 'right' | 'home' | 'end' | 'backspace' | 'delete' | 'delete-word' | 'delete-line';

/** A line with text put in at the cursor; line breaks and tabs, as pasted text may have, become spaces. */
export function typed(line: LineEdit, text: string): LineEdit {
  return { before: line.before + text.replace(/[\r\n\t]+/g, ' '), after: line.after };
}

/** What a key makes of a line. */
export function edited({ before, after }: LineEdit, key: LineKey): LineEdit {
  switch (key) {
    case 'left': {
      const last = graphemes(before).at(-1) ?? '';
      return { before: before.slice(0, before.length - last.length), after: last + after };
    }
    case 'right': {
      const first = graphemes(after)[0] ?? '';
      return { before: before + first, after: after.slice(first.length) };
    }
    case 'home':
      return { before: '', after: before + after };
    case 'end':
      return { before: before + after, after: '' };
    case 'backspace':
      return { before: before.slice(0, before.length - (graphemes(before).at(-1) ?? '').length), after };
    case 'delete':
      return { before, after: after.slice((graphemes(after)[0] ?? '').length) };
    case 'delete-word':
      return { before: before.replace(/[^\s/]*[\s/]*$/, ''), after };
    case 'delete-line':
      return { before: '', after };
  }
}
