import { ROOT } from '../../layer/path-table.ts';
import { EntryType } from '../../tar/member.ts';
import { type Folds, isFolder, isOpen } from './folds.ts';
import { isChange, Mark } from './mark.ts';
import { seenAt } from './seen.ts';
import { Role, type Shown } from './show.ts';
import { type Siblings, shownSize } from './siblings.ts';

/** One row, as data. */
export interface TreeRow {
  readonly path: number;
  /** 0 for entries of the root directory. */
  readonly depth: number;
  /** By depth: whether the row at that depth is the last of its directory. */
  readonly last: readonly boolean[];
  readonly mark: Mark;
  readonly isFolder: boolean;
  readonly isOpen: boolean;
  /** Selected entries below a directory. */
  readonly below: number;
  /** The type; a directory if no layer has an entry. */
  readonly type: EntryType;
  /** Target of a link as bytes; null if it is not a link. */
  readonly link: Uint8Array | null;
  /** The event whose entry is shown, or -1 for an implied directory. */
  readonly event: number;
  /** Bytes; for a directory, the sum below. */
  readonly size: number;
  /** Wasted bytes, and bytes below that this reading shows as deleted. */
  readonly lost: number;
  readonly gone: number;
  /** Whether the filter, if any, matches this path itself. */
  readonly isWanted: boolean;
}

/**
 * The rows of a tree with its expanded directories, numbered from 0. Immutable. Building one takes time proportional
 * to its rows; a frame, to the visible rows.
 */
export class TreeView {
  readonly shown: Shown;
  readonly folds: Folds;
  readonly #siblings: Siblings;
  readonly #ids: Uint32Array;
  readonly #depths: Uint16Array;

  constructor(siblings: Siblings, folds: Folds) {
    this.#siblings = siblings;
    this.shown = siblings.shown;
    this.folds = folds;
    [this.#ids, this.#depths] = flatten(siblings, folds);
  }

  get rowCount(): number {
    return this.#ids.length;
  }

  /** Returns the path of a row, or -1. */
  pathAt(row: number): number {
    return this.#ids[row] ?? -1;
  }

  /** Returns the row of a path, or -1 if it is not shown or in a collapsed directory. */
  rowOf(path: number): number {
    return this.#ids.indexOf(path);
  }

  /** Returns the rows from `start` (inclusive) to `end` (exclusive), as far as they exist. */
  rows(start: number, end: number): TreeRow[] {
    const rows: TreeRow[] = [];
    for (let row = Math.max(0, start); row < Math.min(end, this.rowCount); row++) rows.push(this.#row(row));
    return rows;
  }

  /** Returns the row of the directory above a row, or -1 in the root directory. */
  parentRow(row: number): number {
    const parent = this.shown.columns.ledger.paths.parent(this.pathAt(row));
    return parent === ROOT ? -1 : this.rowOf(parent);
  }

  /** Returns the first row that is a change itself; 0 if there is none. */
  firstChange(): number {
    const { mark } = this.shown.columns;
    for (let row = 0; row < this.rowCount; row++) if (isChange(mark[this.#ids[row]!]!)) return row;
    return 0;
  }

  isOpen(path: number): boolean {
    return isOpen(this.folds, this.shown, path);
  }

  /**
   * Returns the next path that the filter matches or, without a filter, that is a change. Wraps around, and searches
   * collapsed directories.
   * @param from a path that is a row, or -1 to start at the edge
   * @param step 1 forwards, -1 backwards
   * @returns -1 if there is none
   */
  nextMatch(from: number, step: 1 | -1): number {
    const counts = this.shown.filtered ? this.shown.below : this.shown.changesBelow;
    const n = this.rowCount;
    const here = from < 0 ? (step === 1 ? -1 : n) : this.rowOf(from);
    // Going forwards, the contents of a collapsed directory come next.
    if (step === 1 && here >= 0 && this.#isClosedOver(this.#ids[here]!, counts)) {
      return this.#firstInside(this.#ids[here]!, counts, 1);
    }
    for (let i = 1; i <= n; i++) {
      const row = (((here + step * i) % n) + n) % n;
      const id = this.#ids[row]!;
      const inside = this.#isClosedOver(id, counts);
      if (step === -1 && inside) return this.#firstInside(id, counts, -1);
      if (this.#matches(id)) return id;
      if (inside) return this.#firstInside(id, counts, 1);
    }
    return -1;
  }

  #isClosedOver(id: number, counts: Uint32Array): boolean {
    return counts[id]! > 0 && !this.isOpen(id);
  }

  #matches(id: number): boolean {
    const { role, filtered, columns } = this.shown;
    return role[id] === Role.wanted && (filtered || isChange(columns.mark[id]!));
  }

  #firstInside(folder: number, counts: Uint32Array, step: 1 | -1): number {
    for (let at = folder; ;) {
      const children = this.#siblings.of(at);
      const ordered = step === 1 ? children : children.toReversed();
      const found = ordered.find((id) => this.#matches(id) || counts[id]! > 0);
      if (found === undefined) return -1;
      // Going backwards, the last entry of a directory comes before the directory.
      if (this.#matches(found) && (step === 1 || counts[found] === 0)) return found;
      at = found;
    }
  }

  #row(row: number): TreeRow {
    const id = this.#ids[row]!;
    const { columns, below, role } = this.shown;
    const seen = seenAt(columns, id);
    return {
      path: id,
      depth: this.#depths[row]!,
      last: this.#lastFlags(id),
      mark: columns.mark[id] as Mark,
      isFolder: isFolder(this.shown, id),
      isOpen: this.isOpen(id),
      below: below[id]!,
      type: seen?.type ?? EntryType.directory,
      link: seen?.link ?? null,
      event: columns.event[id]! - 1,
      size: shownSize(this.shown, id),
      lost: columns.lost[id]!,
      gone: columns.mark[id] === Mark.deleted ? 0 : columns.gone[id]!,
      isWanted: role[id] === Role.wanted,
    };
  }

  #lastFlags(id: number): boolean[] {
    const { paths } = this.shown.columns.ledger;
    const flags: boolean[] = [];
    for (let at = id; at !== ROOT; at = paths.parent(at)) {
      flags.push(this.#siblings.of(paths.parent(at)).at(-1) === at);
    }
    return flags.reverse();
  }
}

function flatten(siblings: Siblings, folds: Folds): [ids: Uint32Array, depths: Uint16Array] {
  const { shown } = siblings;
  let ids = new Uint32Array(256);
  let depths = new Uint16Array(256);
  let count = 0;
  const stack: { children: Uint32Array; next: number }[] = [{ children: siblings.of(ROOT), next: 0 }];
  while (stack.length > 0) {
    const level = stack.at(-1)!;
    const id = level.children[level.next++];
    if (id === undefined) {
      stack.pop();
      continue;
    }
    if (count === ids.length) {
      ids = doubled(ids, new Uint32Array(count * 2));
      depths = doubled(depths, new Uint16Array(count * 2));
    }
    ids[count] = id;
    depths[count++] = stack.length - 1;
    if (isOpen(folds, shown, id)) stack.push({ children: siblings.of(id), next: 0 });
  }
  return [ids.subarray(0, count), depths.subarray(0, count)];
}

function doubled<T extends Uint32Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
