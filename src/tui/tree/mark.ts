import { Change } from '../../ledger/change.ts';

/** The mark of a path in a reading. Numbers, stored in a byte column. */
export const Mark = {
  /** Not in this reading. */
  none: 0,
  /** A directory without an entry in this layer, or in any: it only leads to other entries. */
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

/** The mark of each change. */
export const MARK_OF_CHANGE: Readonly<Record<Change, Mark>> = {
  [Change.added]: Mark.added,
  [Change.modified]: Mark.modified,
  [Change.metadata]: Mark.metadata,
  [Change.replaced]: Mark.replaced,
  [Change.deleted]: Mark.deleted,
  [Change.readded]: Mark.readded,
  [Change.unchanged]: Mark.unchanged,
};

/** Reports whether a mark stands for a change. */
export function isChange(mark: number): boolean {
  return mark >= Mark.added && mark <= Mark.readded;
}

/** The sort order of marks. */
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
