import { Change } from '../../ledger/change.ts';
import { CHANGE_LETTERS } from '../../ledger/change-letters.ts';
import type { Token } from '../../text/theme.ts';
import type { FindingLetter } from '../finding-marks.ts';
import { Mark } from '../tree/mark.ts';
import { CHANGE_TOKENS } from './change-tokens.ts';

/** How a mark of the tree is drawn, and its words for a screen reader. */
export interface MarkLook {
  readonly letter: string;
  readonly token: Token;
  readonly words: string;
}

function ofChange(change: Change, words: string): MarkLook {
  return { letter: CHANGE_LETTERS[change], token: CHANGE_TOKENS[change], words };
}

/** The marks of the tree. */
export const MARKS: Readonly<Record<Mark, MarkLook>> = {
  [Mark.none]: { letter: ' ', token: 'dim', words: '' },
  [Mark.leads]: { letter: ' ', token: 'dim', words: '' },
  [Mark.added]: ofChange(Change.added, 'added'),
  [Mark.modified]: ofChange(Change.modified, 'content changed'),
  [Mark.metadata]: ofChange(Change.metadata, 'mode, owner or attributes changed'),
  [Mark.replaced]: ofChange(Change.replaced, 'replaced by another type'),
  [Mark.deleted]: ofChange(Change.deleted, 'deleted'),
  [Mark.readded]: ofChange(Change.readded, 'added again'),
  [Mark.unchanged]: { letter: ' ', token: 'text', words: 'unchanged' },
};

/** The mark of a file that a layer rewrote without a change. */
export const REWRITTEN: MarkLook = ofChange(Change.unchanged, MARKS[Mark.unchanged].words);

/** How the letters of findings are drawn. They must be distinguishable without colour. */
export const FINDING_LOOKS: Readonly<Record<FindingLetter, Omit<MarkLook, 'letter'>>> = {
  S: { token: 'secret', words: 'contains a secret' },
  P: { token: 'warning', words: 'has an insecure setting' },
  s: { token: 'secret', words: 'a secret below' },
  p: { token: 'warning', words: 'an insecure setting below' },
};
