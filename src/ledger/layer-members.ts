import { type PathTable, ROOT } from '../layer/path-table.ts';
import type { LayerEntries } from './layer-entries.ts';

/** In place of an entry number: a path that the layer hides and does not have; the deletion's number is added. */
const HIDDEN = 2 ** 31;

/** What the layer that is being applied does at each path: its entries, and the paths that it hides. */
export class LayerMembers {
  /** The folders that the layer puts something into. */
  folders: number[] = [];
  readonly #paths: PathTable;
  /** The layer's number plus one, as paths are marked with it. */
  #mark = 0;
  /** By path: the mark of the layer that last named it, and that layer's entry. */
  readonly #stamp: Uint16Array | Uint32Array;
  readonly #entry: Uint32Array;
  /** By path: the mark of the layer that last put an entry somewhere below it. */
  readonly #touched: Uint16Array | Uint32Array;
  /** By path: the layer's entries before the last of that path. */
  readonly #duplicates = new Map<number, number[]>();

  constructor(paths: PathTable, layers: number) {
    const Stamps = layers < 2 ** 16 ? Uint16Array : Uint32Array;
    this.#paths = paths;
    this.#stamp = new Stamps(paths.count);
    this.#entry = new Uint32Array(paths.count);
    this.#touched = new Stamps(paths.count);
  }

  /** Goes on to the next layer: notes the last entry of each of its paths, and the folders above them. */
  begin(layer: number, entries: LayerEntries): void {
    const mark = layer + 1;
    const { path } = entries.columns;
    this.#mark = mark;
    this.folders = [];
    this.#duplicates.clear();
    for (let i = 0; i < entries.count; i++) {
      const id = path[i]!;
      if (this.#stamp[id] === mark) this.#keepDuplicate(id, this.#entry[id]!);
      this.#stamp[id] = mark;
      this.#entry[id] = i;
      for (let up = this.#paths.parent(id); up !== ROOT && this.#touched[up] !== mark;) {
        this.#touched[up] = mark;
        this.folders.push(up);
        up = this.#paths.parent(up);
      }
    }
  }

  #keepDuplicate(path: number, entry: number): void {
    const earlier = this.#duplicates.get(path);
    if (earlier === undefined) this.#duplicates.set(path, [entry]);
    else earlier.push(entry);
  }

  /** Reports whether an entry, which the layer has at the path, is the last one there. */
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

  /** Marks a path, at which the layer has no entry, as hidden by a deletion. */
  hide(path: number, deletion: number): void {
    this.#stamp[path] = this.#mark;
    this.#entry[path] = HIDDEN + deletion;
  }

  /** The deletion that a path was hidden by. */
  deletionOf(path: number): number {
    return this.#entry[path]! - HIDDEN;
  }

  /**
   * The entry that a hard link names by a path: of several, the newest that stands before the link in the tar.
   * @param link the link's own entry
   * @returns -1 where the layer has none
   */
  memberFor(path: number, link: number): number {
    const last = this.#entry[path]!;
    if (!this.has(path) || last >= HIDDEN) return -1;
    if (last < link) return last;
    return this.#duplicates.get(path)?.findLast((entry) => entry < link) ?? last;
  }
}
