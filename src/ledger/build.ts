import { type PathTable, ROOT } from '../layer/path-table.ts';
import { EntryType } from '../tar/member.ts';
import { Change, Changed, classify } from './change.ts';
import { differences, type Generation, isSparse } from './compare.ts';
import { EventColumns } from './event-columns.ts';
import { type Hiding, hidingsOf } from './hiding.ts';
import { DeletedBy, type FilePlace, Ledger, type LedgerNote, type Superseded } from './ledger.ts';
import type { LayerEntries } from './layer-entries.ts';

const MAX_NOTES = 200;
/** Hard links that name hard links are followed this far. */
const MAX_LINKS = 8;
/** In place of an entry number: a path that the layer hides and does not have. */
const HIDDEN = 0xffffffff;

/**
 * Stacks layers, from the bottom up, into a ledger (image-spec, layer.md, "Applying Changesets").
 * Linear in the number of entries and of paths below what is deleted.
 * @param layers null where a layer is missing or not read yet: it changes nothing
 */
export function buildLedger(paths: PathTable, layers: readonly (LayerEntries | null)[]): Ledger {
  return new LedgerBuilder(paths, layers).build();
}

interface Deletion {
  readonly path: number;
  readonly via: number;
  readonly by: DeletedBy;
}

class LedgerBuilder {
  readonly #paths: PathTable;
  readonly #layers: readonly (LayerEntries | null)[];
  readonly #events: EventColumns;
  /** The layer being applied. */
  #current = 0;
  /** By path: the layer (plus one) that last named it, and that layer's entry. */
  readonly #stamp: Uint32Array;
  readonly #entry: Uint32Array;
  /** By path: the layer (plus one) that last put an entry somewhere below it. */
  readonly #touched: Uint32Array;
  /** The current layer's entries but for those that a later one of the same path replaces. */
  readonly #additions: Uint32Array;
  /** The folders that the current layer puts something into. */
  #folders: number[] = [];
  /** Folders below which the current layer has hidden everything: many whiteouts of one cost no more than one. */
  readonly #emptied = new Set<number>();
  /** By path: the current layer's members before the last of that path. */
  readonly #duplicates = new Map<number, number[]>();
  readonly #superseded: Superseded[] = [];
  readonly #unverified = new Map<number, FilePlace>();
  readonly #notes: LedgerNote[] = [];
  /** By event of a hard link: the generation that it names. */
  readonly #hardlinks = new Map<number, Generation>();

  constructor(paths: PathTable, layers: readonly (LayerEntries | null)[]) {
    this.#paths = paths;
    this.#layers = layers;
    const entries = layers.reduce((sum, layer) => sum + (layer?.count ?? 0), 0);
    this.#events = new EventColumns(paths.count, layers.length, Math.ceil(entries * 1.1) + 64);
    this.#additions = new Uint32Array(Math.max(0, ...layers.map((layer) => layer?.count ?? 0)));
    this.#stamp = new Uint32Array(paths.count);
    this.#entry = new Uint32Array(paths.count);
    this.#touched = new Uint32Array(paths.count);
  }

  build(): Ledger {
    const { layerStart } = this.#events;
    for (let layer = 0; layer < this.#layers.length; layer++) {
      this.#current = layer;
      layerStart[layer] = this.#events.count;
      const entries = this.#layers[layer];
      if (entries) this.#apply(layer, entries);
    }
    layerStart[this.#layers.length] = this.#events.count;
    const hardlinks = new Map<number, FilePlace>();
    for (const [event, generation] of this.#hardlinks) hardlinks.set(event, this.#place(generation));
    return new Ledger({
      paths: this.#paths,
      layers: this.#layers,
      columns: this.#events.finish(),
      hardlinks,
      superseded: this.#superseded,
      unverified: [...this.#unverified.values()],
      notes: this.#notes,
    });
  }

  #apply(layer: number, entries: LayerEntries): void {
    this.#stampEntries(layer, entries);
    const { path } = entries.columns;
    let count = 0;
    for (let i = 0; i < entries.count; i++) {
      const id = path[i]!;
      if (this.#entry[id] === i) this.#additions[count++] = i;
      else this.#supersede(layer, entries, i, id);
    }
    const additions = this.#additions.subarray(0, count);
    // What lower layers hold below a hidden path goes first, while their events are still the newest.
    const deletions: Deletion[] = [];
    this.#emptied.clear();
    for (const hide of hidingsOf(this.#paths, entries, additions))
      this.#collectHidden(layer, hide, deletions);
    // Path ids depend on which layer was read first; the order of events shall not.
    const { last } = this.#events;
    deletions.sort((a, b) => last[a.path]! - last[b.path]!);
    for (const i of additions) this.#add(layer, entries, i);
    for (const deletion of deletions) this.#delete(deletion);
    for (const folder of this.#folders) this.#checkFolder(layer, folder);
  }

  /** Notes for each path of the layer its last entry, and for each folder above that something lies below. */
  #stampEntries(layer: number, entries: LayerEntries): void {
    const mark = layer + 1;
    const { path } = entries.columns;
    this.#folders = [];
    this.#duplicates.clear();
    for (let i = 0; i < entries.count; i++) {
      const id = path[i]!;
      if (this.#stamp[id] === mark) this.#keepDuplicate(id, this.#entry[id]!);
      this.#stamp[id] = mark;
      this.#entry[id] = i;
      for (let up = this.#paths.parent(id); up !== ROOT && this.#touched[up] !== mark;) {
        this.#touched[up] = mark;
        this.#folders.push(up);
        up = this.#paths.parent(up);
      }
    }
  }

  #keepDuplicate(path: number, entry: number): void {
    const earlier = this.#duplicates.get(path);
    if (earlier === undefined) this.#duplicates.set(path, [entry]);
    else earlier.push(entry);
  }

  #supersede(layer: number, entries: LayerEntries, entry: number, path: number): void {
    const named = this.#resolveHardlink(layer, entries, entry);
    const { change, changed } = this.#compareWithBelow(path, named ?? { layer: entries, entry });
    this.#superseded.push({ layer, entry, path, change, changed });
  }

  #collectHidden(layer: number, hide: Hiding, deletions: Deletion[]): void {
    const mark = layer + 1;
    const before = deletions.length;
    const stack: number[] = [];
    const visit = (id: number): void => {
      if (this.#stamp[id] !== mark && this.#isLive(id) && !this.#staysFolder(id, mark)) {
        // Two whiteouts may cover the same path: the stamp makes the second pass over it.
        this.#stamp[id] = mark;
        this.#entry[id] = HIDDEN;
        deletions.push({ path: id, via: hide.path, by: hide.by });
      }
      if (this.#paths.firstChild(id) !== 0) stack.push(id);
    };
    if (hide.itself) visit(hide.path);
    else stack.push(hide.path);
    while (stack.length > 0) {
      const parent = stack.pop()!;
      if (this.#emptied.has(parent)) continue;
      this.#emptied.add(parent);
      for (let id = this.#paths.firstChild(parent); id !== 0; id = this.#paths.nextSibling(id)) visit(id);
    }
    if (hide.by === DeletedBy.whiteout && deletions.length === before && this.#events.last[hide.path] === 0) {
      this.#note('whiteout-of-nothing', layer, hide.path);
    }
  }

  #isLive(path: number): boolean {
    const event = this.#events.last[path]! - 1;
    return event >= 0 && this.#events.change(event) !== Change.deleted;
  }

  /** A folder that this layer hides and puts something into is there again, with no entry of its own. */
  #staysFolder(path: number, mark: number): boolean {
    return this.#touched[path] === mark && this.#liveType(path) === EntryType.directory;
  }

  #liveType(path: number): EntryType {
    const { layer, entry } = this.#named(this.#events.last[path]! - 1);
    return layer.type(entry);
  }

  #add(layer: number, entries: LayerEntries, entry: number): void {
    const path = entries.columns.path[entry]!;
    const named = this.#resolveHardlink(layer, entries, entry);
    if (named !== null) this.#hardlinks.set(this.#events.count, named);
    if (this.#events.last[path] === 0) {
      // Most paths are named once: nothing is made for them that has to be thrown away again.
      this.#events.push(path, entry, Change.added, 0);
      return;
    }
    const { change, changed } = this.#compareWithBelow(path, named ?? { layer: entries, entry });
    this.#events.push(path, entry, change, changed);
  }

  #compareWithBelow(path: number, after: Generation): { change: Change; changed: number } {
    const below = this.#events.last[path]! - 1;
    if (below < 0) return { change: Change.added, changed: 0 };
    if (this.#events.change(below) === Change.deleted) return { change: Change.readded, changed: 0 };
    const before = this.#named(below);
    let changed = differences(before, after);
    if (changed & Changed.unverified) {
      if (isSparse(before) || isSparse(after)) changed &= ~Changed.unverified;
      else {
        this.#wantHash(before);
        this.#wantHash(after);
      }
    }
    return { change: classify(changed), changed };
  }

  #wantHash(generation: Generation): void {
    if (generation.layer.sha256(generation.entry) !== null) return;
    const place = this.#place(generation);
    this.#unverified.set(place.layer * 2 ** 32 + place.entry, place);
  }

  #place({ layer, entry }: Generation): FilePlace {
    return { layer: this.#layers.indexOf(layer), entry };
  }

  /** The generation of an event, or the one that its hard link names. */
  #named(event: number): Generation {
    const known = this.#hardlinks.get(event);
    if (known !== undefined) return known;
    const { layerStart } = this.#events;
    let layer = this.#current;
    while (layerStart[layer]! > event) layer--;
    return { layer: this.#layers[layer]!, entry: this.#events.ref(event) };
  }

  /**
   * Follows a hard link, through others if need be, to a file of this layer or, oddly, of a lower one.
   * No folder can have a second name, so a link to one names nothing.
   */
  #resolveHardlink(layer: number, entries: LayerEntries, entry: number): Generation | null {
    if (entries.type(entry) !== EntryType.hardlink) return null;
    const named = this.#followHardlink(layer, entries, entry);
    if (named !== null && named.layer.type(named.entry) !== EntryType.directory) {
      if (named.layer !== entries) this.#note('hardlink-below', layer, entries.columns.path[entry]!);
      return named;
    }
    this.#note('hardlink-dangling', layer, entries.columns.path[entry]!);
    return null;
  }

  #followHardlink(layer: number, entries: LayerEntries, entry: number): Generation | null {
    let at = entry;
    for (let step = 0; step < MAX_LINKS; step++) {
      const target = this.#paths.lookup(entries.link(at));
      if (target < 0) return null;
      if (this.#stamp[target] === layer + 1 && this.#entry[target] !== HIDDEN) {
        at = this.#memberBefore(target, at);
        if (entries.type(at) !== EntryType.hardlink) return { layer: entries, entry: at };
        continue;
      }
      return this.#isLive(target) ? this.#named(this.#events.last[target]! - 1) : null;
    }
    return null;
  }

  /** Of several members of one path, a hard link names the newest that stands before it in the tar. */
  #memberBefore(path: number, link: number): number {
    const last = this.#entry[path]!;
    if (last < link) return last;
    return this.#duplicates.get(path)?.findLast((entry) => entry < link) ?? last;
  }

  #delete({ path, via, by }: Deletion): void {
    this.#events.push(path, this.#events.deletion(via, by), Change.deleted, 0);
  }

  /**
   * Entries below what is no folder. Over a lower layer's file the engines make a folder, which
   * replaces it; a symbolic link some of them replace and some follow, so it stays as it is.
   */
  #checkFolder(layer: number, folder: number): void {
    if (!this.#isLive(folder)) return;
    const type = this.#liveType(folder);
    if (type === EntryType.directory) return;
    this.#note('parent-not-a-directory', layer, folder);
    const below = this.#stamp[folder] !== layer + 1;
    if (below && type !== EntryType.symlink) {
      this.#delete({ path: folder, via: folder, by: DeletedBy.replacement });
    }
  }

  #note(code: LedgerNote['code'], layer: number, path: number): void {
    if (this.#notes.length < MAX_NOTES) this.#notes.push({ code, layer, path });
  }
}
