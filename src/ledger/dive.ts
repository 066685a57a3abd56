import { WhiteoutKind } from '../layer/index-columns.ts';
import { ROOT } from '../layer/path-table.ts';
import { EntryType } from '../tar/member.ts';
import type { LayerEntries } from './layer-entries.ts';
import type { Ledger } from './ledger.ts';

/** The figures that dive reports, under its own names. */
export interface DiveFigures {
  /** Sum of the smallest copies over the sum of all copies; 1 is best. */
  readonly efficiency: number;
  /** Bytes of the files of all layers, and of all but the first. */
  readonly sizeBytes: number;
  readonly userSizeBytes: number;
  /** All copies of the paths that are there at least twice. */
  readonly wastedBytes: number;
  /** Wasted bytes over user bytes: a fraction, though dive calls it a percentage. */
  readonly userWastedPercent: number;
}

/**
 * Computes dive's figures as dive does, for people who gate on them; findWaste tells what is really
 * never seen. What counts as a copy of a path, as worked out from dive's own test image:
 * in each layer only what nothing of that layer lies below, so a folder only where it is
 * empty there; of size 0 but for files; a whiteout as a copy of size 0, or, where it takes away a folder,
 * of all that lay in it. Opaque folders hide nothing. With no copies at all the efficiency is 1; with
 * one layer nothing is wasted.
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

/** The paths that a layer's plain whiteouts name. */
function removals({ columns }: LayerEntries): Set<number> {
  return new Set(columns.whiteoutPath.filter((_, i) => columns.whiteoutKind[i] === WhiteoutKind.path));
}

/** Tells whether nothing of a layer lies below a path. */
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

/** By path: how many copies there are, their sum, and the smallest. */
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

/** The tree of the layers so far, as whiteouts of single paths leave it. */
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

  /** Bytes of all that lies in a folder; 0 for anything else. */
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
