import { type PathTable, ROOT } from '../layer/path-table.ts';
import type { LayerEntries } from './layer-entries.ts';

/**
 * Marks a path that the layer hides and has no entry for. Added to the deletion's number, in place of an
 * entry number.
 */
const HIDDEN = 2 ** 31;

/** What the current layer does at each path: its entries, and the paths that it hides. */
export class LayerMembers {
  /** The directories that the layer puts something into. */
  directories: number[] = [];
  readonly #paths: PathTable;
  /** The layer's number plus one, which is the mark for its paths. */
  #mark = 0;
  /** By path: the mark of the last layer that named it, and that layer's entry. */
  readonly #stamp: Uint16Array | Uint32Array;
  readonly #entry: Uint32Array;
  /** By path: the mark of the last layer that has an entry somewhere below it. */
  readonly #touched: Uint16Array | Uint32Array;
  /** By path: the layer's entries before the last one of that path. */
  readonly #duplicates = new Map<number, number[]>();

  constructor(paths: PathTable, layers: number) {
    const Stamps = layers < 2 ** 16 ? Uint16Array : Uint32Array;
    this.#paths = paths;
    this.#stamp = new Stamps(paths.count);
    this.#entry = new Uint32Array(paths.count);
    this.#touched = new Stamps(paths.count);
  }

  /** Starts the next layer: records the last entry of each of its paths, and the directories above them. */
  begin(layer: number, entries: LayerEntries): void {
    const mark = layer + 1;
    const { path } = entries.columns;
    this.#mark = mark;
    this.directories = [];
    this.#duplicates.clear();
    for (let i = 0; i < entries.count; i++) {
      const id = path[i]!;
      if (this.#stamp[id] === mark) this.#keepDuplicate(id, this.#entry[id]!);
      this.#stamp[id] = mark;
      this.#entry[id] = i;
      for (let up = this.#paths.parent(id); up !== ROOT && this.#touched[up] !== mark;) {
        this.#touched[up] = mark;
        this.directories.push(up);
        up = this.#paths.parent(up);
      }
    }
  }

  #keepDuplicate(path: number, entry: number): void {
    const earlier = this.#duplicates.get(path);
    if (earlier === undefined) this.#duplicates.set(path, [entry]);
    else earlier.push(entry);
  }

  /** Reports whether an entry of the layer at the path is the last one there. */
  isLast(path: number, entry: number): boolean {
    return this.#entry[path] === entry;
  }

  /** Reports whether the layer has an entry at the path, or hides it. */
  has(path: number): boolean {
    return this.#stamp[path] === this.#mark;
  }

  /** Reports whether the layer has an entry somewhere below the path. */
  hasBelow(path: number): boolean {
    return this.#touched[path] === this.#mark;
  }

  /** Marks a path without an entry in the layer as hidden by a deletion. */
  hide(path: number, deletion: number): void {
    this.#stamp[path] = this.#mark;
    this.#entry[path] = HIDDEN + deletion;
  }

  /** Returns the deletion that hides a path. */
  deletionOf(path: number): number {
    return this.#entry[path]! - HIDDEN;
  }

  /**
   * Returns the entry that a hard link names by a path. If there are several, it is the last one before the link in
   * the tar.
   * @param link the link's own entry
   * @returns -1 if the layer has none
   */
  memberFor(path: number, link: number): number {
    const last = this.#entry[path]!;
    if (!this.has(path) || last >= HIDDEN) return -1;
    if (last < link) return last;
    return this.#duplicates.get(path)?.findLast((entry) => entry < link) ?? last;
  }
}
