import { Change } from '../../ledger/change.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { EntryType } from '../../tar/member.ts';
import type { Reading, Shown, SortKey } from './reading.ts';
import { NO_EVENT, type PathFilter, readTree, type TreeColumns } from './tree-columns.ts';

/** A reading with at most this many changes opens every folder that holds one. */
const OPEN_ALL_LIMIT = 2000;

/** One visible row. */
export interface TreeRow {
  readonly path: number;
  readonly depth: number;
  /** The event shown, or -1 for a folder that only leads there. */
  readonly event: number;
  readonly change: Change;
  readonly isFolder: boolean;
  readonly open: boolean;
  /** True for the last child of its folder, and for each folder above, from the top. */
  readonly lastAbove: readonly boolean[];
  readonly last: boolean;
}

export interface TreeOptions {
  readonly reading: Reading;
  readonly shown: Shown;
  readonly sort: SortKey;
  readonly filter: PathFilter;
  /** Folders that the user opened or closed against the rule. */
  readonly overrides: ReadonlyMap<number, boolean>;
}

/**
 * A virtual tree: it knows which rows there are and can give any window of them; nothing in it is
 * drawn. Built anew when the reading, the toggles or the open folders change.
 */
export class Tree {
  readonly columns: TreeColumns;
  readonly options: TreeOptions;
  readonly #rows: Uint32Array;
  readonly #opensAll: boolean;

  /** @param columns of an earlier tree of the same reading, toggles and filter, to save the passes */
  constructor(ledger: Ledger, options: TreeOptions, columns?: TreeColumns) {
    this.options = options;
    this.columns = columns ?? readTree(ledger, options.reading, options.shown, options.filter);
    const narrow =
      options.reading.kind === 'changes' || options.reading.kind === 'between' || options.filter !== null;
    this.#opensAll = narrow && this.columns.below[0]! <= OPEN_ALL_LIMIT;
    this.#rows = this.#flatten();
  }

  /** The same tree with other folders open. */
  withOverrides(overrides: ReadonlyMap<number, boolean>): Tree {
    return new Tree(this.columns.ledger, { ...this.options, overrides }, this.columns);
  }

  /** The same tree in another order. */
  withSort(sort: SortKey): Tree {
    return new Tree(this.columns.ledger, { ...this.options, sort }, this.columns);
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  /** The path of a row, or -1. */
  pathAt(row: number): number {
    return this.#rows[row] ?? -1;
  }

  /** The row of a path, or -1 where it is not visible. */
  rowOf(path: number): number {
    return this.#rows.indexOf(path);
  }

  isFolder(path: number): boolean {
    return this.columns.below[path]! > 0 || this.#isDirectory(path);
  }

  isOpen(path: number): boolean {
    if (this.columns.below[path] === 0) return false;
    const chosen = this.options.overrides.get(path);
    if (chosen !== undefined) return chosen;
    return this.#opensAll || (this.columns.below[0]! > OPEN_ALL_LIMIT && this.#leadsAlone(path));
  }

  /** The rows of a window, `end` excluded. */
  rows(start: number, end: number): TreeRow[] {
    const rows: TreeRow[] = [];
    for (let row = Math.max(0, start); row < Math.min(end, this.#rows.length); row++)
      rows.push(this.row(row)!);
    return rows;
  }

  /** One row, or null. */
  row(index: number): TreeRow | null {
    const path = this.#rows[index];
    if (path === undefined) return null;
    const { paths } = this.columns.ledger;
    const lastAbove: boolean[] = [];
    for (let above = paths.parent(path); above !== 0; above = paths.parent(above)) {
      lastAbove.unshift(this.#isLast(above));
    }
    return {
      path,
      depth: lastAbove.length,
      event: this.columns.event[path]!,
      change: this.columns.change[path] as Change,
      isFolder: this.isFolder(path),
      open: this.isOpen(path),
      lastAbove,
      last: this.#isLast(path),
    };
  }

  /** What has to be open so that a path is visible. */
  revealing(path: number): Map<number, boolean> {
    const overrides = new Map(this.options.overrides);
    const { paths } = this.columns.ledger;
    for (let above = paths.parent(path); above !== 0; above = paths.parent(above)) {
      if (!this.isOpen(above)) overrides.set(above, true);
    }
    return overrides;
  }

  /** Whether a path is part of this reading at all, open or not. */
  holds(path: number): boolean {
    return this.columns.present[path] === 1;
  }

  #flatten(): Uint32Array {
    const rows: number[] = [];
    // A stack of its own: a hostile image may nest folders deeper than calls can.
    const pending = this.#children(0).toReversed();
    while (pending.length > 0) {
      const path = pending.pop()!;
      rows.push(path);
      if (!this.isOpen(path)) continue;
      const children = this.#children(path);
      for (let i = children.length - 1; i >= 0; i--) pending.push(children[i]!);
    }
    return Uint32Array.from(rows);
  }

  readonly #sorted = new Map<number, number[]>();

  #children(folder: number): number[] {
    let children = this.#sorted.get(folder);
    if (children !== undefined) return children;
    children = [];
    const { paths } = this.columns.ledger;
    for (let child = paths.firstChild(folder); child !== 0; child = paths.nextSibling(child)) {
      if (this.columns.present[child] === 1) children.push(child);
    }
    children = sortChildren(this.columns, children, this.options.sort);
    this.#sorted.set(folder, children);
    return children;
  }

  #isLast(path: number): boolean {
    return this.#children(this.columns.ledger.paths.parent(path)).at(-1) === path;
  }

  /** In a reading too large to open whole, a folder that is alone in its folder opens with it. */
  #leadsAlone(path: number): boolean {
    const { paths } = this.columns.ledger;
    const parent = paths.parent(path);
    return parent !== 0 && this.columns.below[parent] === this.columns.below[path]! + 1;
  }

  #isDirectory(path: number): boolean {
    const event = this.columns.event[path]!;
    if (event === NO_EVENT) return true;
    const { ledger } = this.columns;
    const held = ledger.entryEvent(event);
    return ledger.layers[ledger.layerOf(held)]!.type(ledger.entryOf(held)) === EntryType.directory;
  }
}

/** Most interesting first. */
const CHANGE_ORDER: readonly number[] = [
  Change.deleted,
  Change.replaced,
  Change.modified,
  Change.metadata,
  Change.added,
  Change.readded,
  Change.unchanged,
];

function sortChildren(columns: TreeColumns, children: number[], sort: SortKey): number[] {
  const { paths } = columns.ledger;
  // Latin-1 keeps the order of the bytes, and comparing strings is what engines do fastest.
  const named = children.map((path) => ({ path, name: Buffer.from(paths.name(path)).toString('latin1') }));
  const byName = (a: { name: string }, b: { name: string }): number =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  const rank = rankBy(columns, sort);
  named.sort((a, b) => (rank === null ? 0 : rank(a.path) - rank(b.path)) || byName(a, b));
  return named.map(({ path }) => path);
}

function rankBy(columns: TreeColumns, sort: SortKey): ((path: number) => number) | null {
  switch (sort) {
    case 'name':
      return null;
    case 'size':
      return (path) => -columns.size[path]!;
    case 'change':
      return (path) => CHANGE_ORDER.indexOf(columns.change[path]!);
    case 'layer':
      return (path) => {
        const event = columns.event[path]!;
        return event === NO_EVENT ? -1 : columns.ledger.layerOf(event);
      };
  }
}
