import { Change } from '../../ledger/change.ts';

/** What a reading says of a path. Numbers, because a tree keeps them in a byte column. */
export const Mark = {
  /** Not in this reading. */
  none: 0,
  /** A folder that no layer has an entry for, or that this layer has none for: it only leads there. */
  leads: 1,
  added: 2,
  modified: 3,
  metadata: 4,
  replaced: 5,
  deleted: 6,
  readded: 7,
  unchanged: 8,
} as const;
export type Mark = (typeof Mark)[keyof typeof Mark];

/** By change: the mark that says so. */
export const MARK_OF_CHANGE: Readonly<Record<Change, Mark>> = {
  [Change.added]: Mark.added,
  [Change.modified]: Mark.modified,
  [Change.metadata]: Mark.metadata,
  [Change.replaced]: Mark.replaced,
  [Change.deleted]: Mark.deleted,
  [Change.readded]: Mark.readded,
  [Change.unchanged]: Mark.unchanged,
};

/** True for a mark that tells of a change. */
export function isChange(mark: number): boolean {
  return mark >= Mark.added && mark <= Mark.readded;
}

/** By mark: where it stands when a tree is sorted by change. */
export const CHANGE_RANK: Readonly<Record<number, number>> = {
  [Mark.added]: 0,
  [Mark.readded]: 1,
  [Mark.modified]: 2,
  [Mark.metadata]: 3,
  [Mark.replaced]: 4,
  [Mark.deleted]: 5,
  [Mark.leads]: 6,
  [Mark.unchanged]: 7,
};
