import { Change } from './change.ts';

/**
 * The letter for each change, used wherever one is shown: in the tree, on the timeline of a path and in the lists
 * of the commands.
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
