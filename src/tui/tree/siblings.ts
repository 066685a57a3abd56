import { CHANGE_RANK, Mark } from './mark.ts';
import { Role, type Shown } from './show.ts';
import { sortByName } from './sort-names.ts';

export const SORT_KEYS = ['name', 'size', 'change', 'layer'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

/** The shown children of directories in order; each directory is sorted on first use. */
export class Siblings {
  readonly shown: Shown;
  readonly sort: SortKey;
  readonly #sorted = new Map<number, Uint32Array>();

  constructor(shown: Shown, sort: SortKey) {
    this.shown = shown;
    this.sort = sort;
  }

  /** Returns the child rows of a directory. */
  of(folder: number): Uint32Array {
    let sorted = this.#sorted.get(folder);
    if (sorted === undefined) {
      sorted = this.#order(this.#collect(folder));
      this.#sorted.set(folder, sorted);
    }
    return sorted;
  }

  #collect(folder: number): Uint32Array {
    const { role, columns } = this.shown;
    const { paths } = columns.ledger;
    const found: number[] = [];
    for (let id = paths.firstChild(folder); id !== 0; id = paths.nextSibling(id)) {
      if (id < columns.count && role[id] !== Role.hidden) found.push(id);
    }
    return Uint32Array.from(found);
  }

  #order(ids: Uint32Array): Uint32Array {
    const { columns } = this.shown;
    sortByName(columns.ledger.paths, ids);
    switch (this.sort) {
      case 'name':
        return ids;
      case 'size':
        return ids.sort((a, b) => shownSize(this.shown, b) - shownSize(this.shown, a));
      case 'change':
        return ids.sort((a, b) => CHANGE_RANK[columns.mark[a]!]! - CHANGE_RANK[columns.mark[b]!]!);
      case 'layer':
        return ids.sort((a, b) => columns.holder[a]! - columns.holder[b]!);
    }
  }
}

/** Returns the size of a path; for a deleted one, its former size. */
export function shownSize({ columns }: Shown, id: number): number {
  const isGone = columns.mark[id] === Mark.deleted;
  return isGone ? columns.gone[id]! : columns.size[id]!;
}
