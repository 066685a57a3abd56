import { WhiteoutKind } from '../layer/index-columns.ts';
import { ROOT } from '../layer/path-table.ts';
import { EntryType } from '../tar/member.ts';
import type { LayerEntries } from './layer-entries.ts';
import type { Ledger } from './ledger.ts';

/** The figures that dive reports, under the names that dive uses. */
export interface DiveFigures {
  /** Sum of the smallest copies divided by the sum of all copies; 1 is best. */
  readonly efficiency: number;
  /** Bytes of the files of all layers, and of all layers but the first. */
  readonly sizeBytes: number;
  readonly userSizeBytes: number;
  /** Bytes of all copies of the paths that have at least two. */
  readonly wastedBytes: number;
  /** Wasted bytes divided by user bytes: a fraction, though dive calls it a percentage. */
  readonly userWastedPercent: number;
}

/**
 * Computes dive's figures the way dive does, for people who gate on them; findWaste computes the bytes that are
 * not visible in the container. These rules for a copy of a path were derived from dive's own test image:
 * - In each layer only paths with nothing below them in that layer count, so a directory counts only if it is
 *   empty there.
 * - Everything but files has size 0.
 * - A whiteout is a copy of size 0; a whiteout of a directory has the size of everything that was in it.
 * - Opaque directories hide nothing.
 * - With no copies the efficiency is 1; with one layer nothing is wasted.
 */
export function diveFigures(ledger: Ledger): DiveFigures {
  const copies = new Copies(ledger.paths.count);
  const stack = new DiveStack(ledger);
  let sizeBytes = 0;
  let firstLayer = 0;
  ledger.layers.forEach((entries, layer) => {
    if (entries === null) return;
    const { columns } = entries;
    let size = 0;
    for (const each of columns.size) size += each;
    sizeBytes += size;
    if (layer === 0) firstLayer = size;
    const leaf = leaves(ledger, entries);
    const removed = removals(entries);
    for (const path of removed) if (leaf(path)) copies.add(path, stack.sizeIn(path));
    const last = new Map<number, number>();
    columns.path.forEach((path, entry) => last.set(path, entry));
    for (const path of removed) stack.remove(path);
    for (const [path, entry] of last) {
      const bytes = columns.size[entry]!;
      if (leaf(path)) copies.add(path, bytes);
      stack.put(path, bytes, entries.type(entry) === EntryType.directory);
    }
  });
  const userSizeBytes = sizeBytes - firstLayer;
  const { smallest, all, repeated } = copies.sums();
  return {
    efficiency: all === 0 ? 1 : smallest / all,
    sizeBytes,
    userSizeBytes,
    wastedBytes: repeated,
    userWastedPercent: userSizeBytes === 0 ? 0 : repeated / userSizeBytes,
  };
}

/** Returns the paths that a layer's plain whiteouts name. */
function removals({ columns }: LayerEntries): Set<number> {
  return new Set(columns.whiteoutPath.filter((_, i) => columns.whiteoutKind[i] === WhiteoutKind.path));
}

/** Returns a function that reports whether a layer has nothing below a path. */
function leaves({ paths }: Ledger, { columns }: LayerEntries): (path: number) => boolean {
  const inner = new Set<number>();
  const climb = (path: number): void => {
    for (let up = path; up !== ROOT && !inner.has(up); up = paths.parent(up)) inner.add(up);
  };
  columns.path.forEach((path) => climb(paths.parent(path)));
  columns.whiteoutPath.forEach((path, i) =>
    climb(columns.whiteoutKind[i] === WhiteoutKind.opaque ? path : paths.parent(path)),
  );
  return (path) => !inner.has(path);
}

/** The number of copies of each path, their sum, and the smallest. */
class Copies {
  readonly #count: Uint32Array;
  readonly #sum: Float64Array;
  readonly #least: Float64Array;

  constructor(paths: number) {
    this.#count = new Uint32Array(paths);
    this.#sum = new Float64Array(paths);
    this.#least = new Float64Array(paths);
  }

  add(path: number, size: number): void {
    if (this.#count[path]!++ === 0 || size < this.#least[path]!) this.#least[path] = size;
    this.#sum[path]! += size;
  }

  sums(): { smallest: number; all: number; repeated: number } {
    let smallest = 0;
    let all = 0;
    let repeated = 0;
    for (let path = 0; path < this.#count.length; path++) {
      smallest += this.#least[path]!;
      all += this.#sum[path]!;
      if (this.#count[path]! > 1) repeated += this.#sum[path]!;
    }
    return { smallest, all, repeated };
  }
}

/** The tree of the layers so far, to which only whiteouts of single paths were applied. */
class DiveStack {
  readonly #ledger: Ledger;
  readonly #size: Float64Array;
  readonly #file: Uint8Array;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#size = new Float64Array(ledger.paths.count);
    this.#file = new Uint8Array(ledger.paths.count);
  }

  put(path: number, size: number, directory: boolean): void {
    this.#size[path] = size;
    this.#file[path] = directory ? 0 : 1;
  }

  /** Returns the bytes of everything in a directory; 0 for anything else. */
  sizeIn(path: number): number {
    if (this.#file[path] === 1) return 0;
    let sum = 0;
    this.#visit(path, (id) => {
      sum += this.#size[id]!;
    });
    return sum;
  }

  remove(path: number): void {
    this.#visit(path, (id) => {
      this.#size[id] = 0;
      this.#file[id] = 0;
    });
  }

  #visit(path: number, visit: (path: number) => void): void {
    const { paths } = this.#ledger;
    const pending = [path];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      visit(id);
      for (let child = paths.firstChild(id); child !== 0; child = paths.nextSibling(child))
        pending.push(child);
    }
  }
}
