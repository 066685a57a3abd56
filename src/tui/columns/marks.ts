import { Change } from '../../ledger/change.ts';
import { CHANGE_LETTERS } from '../../ledger/change-letters.ts';
import type { Token } from '../../text/theme.ts';
import type { FindingLetter } from '../finding-marks.ts';
import { Mark } from '../tree/mark.ts';
import { CHANGE_TOKENS } from './change-tokens.ts';

/** How a mark of the tree looks, and what a screen reader says of it. */
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
  [Mark.replaced]: ofChange(Change.replaced, 'became another type'),
  [Mark.deleted]: ofChange(Change.deleted, 'deleted'),
  [Mark.readded]: ofChange(Change.readded, 'added again'),
  [Mark.unchanged]: { letter: ' ', token: 'text', words: 'unchanged' },
};

/** A file that a layer wrote again unchanged, where a tree shows what that layer changed. */
export const REWRITTEN: MarkLook = ofChange(Change.unchanged, MARKS[Mark.unchanged].words);

/** How the letters of findings look. A secret and a posture problem differ by letter, not only by colour. */
export const FINDING_LOOKS: Readonly<Record<FindingLetter, Omit<MarkLook, 'letter'>>> = {
  S: { token: 'secret', words: 'a secret stands in it' },
  P: { token: 'warning', words: 'a posture problem' },
  s: { token: 'secret', words: 'a secret stands below' },
  p: { token: 'warning', words: 'a posture problem below' },
};
