import { Change } from './change.ts';

/**
 * The letter that stands for a change wherever one does: in the tree, on the timeline of a path, in the
 * lists of the commands.
 */
export const CHANGE_LETTERS = {
  [Change.added]: '+',
  [Change.modified]: '~',
  [Change.metadata]: 'm',
  [Change.replaced]: 'r',
  [Change.deleted]: '-',
  [Change.readded]: 'b',
  [Change.unchanged]: '=',
} as const satisfies Readonly<Record<Change, string>>;

export type ChangeLetter = (typeof CHANGE_LETTERS)[Change];
