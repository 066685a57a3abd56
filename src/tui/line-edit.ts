import { graphemes } from '../text/width.ts';

/** A line being edited: the text before and after the cursor. */
export interface LineEdit {
  readonly before: string;
  readonly after: string;
}

export const EMPTY_LINE: LineEdit = { before: '', after: '' };

/** Returns the whole line. */
export function lineText(line: LineEdit): string {
  return line.before + line.after;
}

/** Editing keys by name, as in a shell. */
export type LineKey =
  'left' | 'right' | 'home' | 'end' | 'backspace' | 'delete' | 'delete-word' | 'delete-line';

/** Inserts text at the cursor; line breaks and tabs in pasted text become spaces. */
export function typed(line: LineEdit, text: string): LineEdit {
  return { before: line.before + text.replace(/[\r\n\t]+/g, ' '), after: line.after };
}

/** Applies an editing key to a line. */
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
