import { ROOT } from '../../layer/path-table.ts';
import { EntryType } from '../../tar/member.ts';
import { type Folds, isFolder, isOpen } from './folds.ts';
import { isChange, Mark } from './mark.ts';
import { seenAt } from './seen.ts';
import { Role, type Shown } from './show.ts';
import { type Siblings, shownSize } from './siblings.ts';

/** One row: facts, not text. */
export interface TreeRow {
  readonly path: number;
  /** 0 for what lies in the root. */
  readonly depth: number;
  /** From the outermost folder in: whether the row at that depth is the last of its folder. */
  readonly last: readonly boolean[];
  readonly mark: Mark;
  readonly isFolder: boolean;
  readonly isOpen: boolean;
  /** Wanted entries below a folder. */
  readonly below: number;
  /** What it is; a folder where no layer has an entry for it. A hard link is a further name of a file. */
  readonly type: EntryType;
  /** Target of a link as bytes; null if it is not a link. */
  readonly link: Uint8Array | null;
  /** The event whose entry is shown, or -1 for a folder that is only implied. */
  readonly event: number;
  /** Bytes; of a folder the sum below. */
  readonly size: number;
  /** Bytes of those that later layers throw away, and bytes that this reading shows as deleted below. */
  readonly lost: number;
  readonly gone: number;
  /** Whether a filter, where there is one, matches this very path. */
  readonly isWanted: boolean;
}

/**
 * The rows of a tree as they stand open, numbered from 0. Immutable: a change of what is shown or
 * open makes another. Making one costs as much as it has rows; a frame costs as much as it shows.
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

  /** The path of a row, or -1. */
  pathAt(row: number): number {
    return this.#ids[row] ?? -1;
  }

  /** The row of a path, or -1 where it is not shown or lies in a closed folder. */
  rowOf(path: number): number {
    return this.#ids.indexOf(path);
  }

  /** Rows from `start` up to but without `end`, as far as there are any. */
  rows(start: number, end: number): TreeRow[] {
    const rows: TreeRow[] = [];
    for (let row = Math.max(0, start); row < Math.min(end, this.rowCount); row++) rows.push(this.#row(row));
    return rows;
  }

  /** The row that a path lies under: of the folder around it that is shown, or -1 for one in the root. */
  parentRow(row: number): number {
    const parent = this.shown.columns.ledger.paths.parent(this.pathAt(row));
    return parent === ROOT ? -1 : this.rowOf(parent);
  }

  /** The first row, from the top, that is itself a change; 0 where there is none. */
  firstChange(): number {
    const { mark } = this.shown.columns;
    for (let row = 0; row < this.rowCount; row++) if (isChange(mark[this.#ids[row]!]!)) return row;
    return 0;
  }

  isOpen(path: number): boolean {
    return isOpen(this.folds, this.shown, path);
  }

  /**
   * The next path, in the order of rows and round the end, that a filter matches; without a filter,
   * that is a change. Closed folders are looked into.
   * @param from a path that is a row, or -1 to begin at the edge
   * @param step 1 forwards, -1 backwards
   * @returns -1 where there is none
   */
  nextMatch(from: number, step: 1 | -1): number {
    const counts = this.shown.filtered ? this.shown.below : this.shown.changesBelow;
    const n = this.rowCount;
    const here = from < 0 ? (step === 1 ? -1 : n) : this.rowOf(from);
    // Forwards a closed folder's own content follows it, so it is the first place to look.
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
      // Backwards the last thing inside comes before the folder that holds it.
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
