import { type PathTable, ROOT } from '../layer/path-table.ts';
import { EntryType } from '../tar/member.ts';
import { Change, Changed, classify } from './change.ts';
import { entryDifferences, type Generation, isSparse } from './compare.ts';
import { EventColumns } from './event-columns.ts';
import { eachHiding, type Hiding } from './hiding.ts';
import { DeletedBy, type FilePlace, Ledger, type LedgerNote, type Superseded } from './ledger.ts';
import type { LayerEntries } from './layer-entries.ts';

const MAX_NOTES = 200;
/** Hard links that name hard links are followed this far. */
const MAX_LINKS = 8;
/** In place of an entry number: a path that the layer hides and does not have; the deletion's number is added. */
const HIDDEN = 2 ** 31;

/**
 * Stacks layers, from the bottom up, into a ledger (image-spec, layer.md, "Applying Changesets").
 * Linear in the number of entries and of paths below what is deleted.
 * @param layers null where a layer is missing or not read yet: it changes nothing
 */
export function buildLedger(paths: PathTable, layers: readonly (LayerEntries | null)[]): Ledger {
  return new LedgerBuilder(paths, layers).build();
}

class LedgerBuilder {
  readonly #paths: PathTable;
  readonly #layers: readonly (LayerEntries | null)[];
  readonly #events: EventColumns;
  /** The layer being applied. */
  #current = 0;
  /** By path: the layer (plus one) that last named it, and that layer's entry. */
  readonly #stamp: Uint16Array | Uint32Array;
  readonly #entry: Uint32Array;
  /** By path: the layer (plus one) that last put an entry somewhere below it. */
  readonly #touched: Uint16Array | Uint32Array;
  /** The current layer's entries but for those that a later one of the same path replaces. */
  readonly #additions: Uint32Array;
  /** The paths that the current layer hides, once each. */
  #hidden: number[] = [];
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
    const Stamps = layers.length < 2 ** 16 ? Uint16Array : Uint32Array;
    this.#stamp = new Stamps(paths.count);
    this.#entry = new Uint32Array(paths.count);
    this.#touched = new Stamps(paths.count);
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
    this.#hidden = [];
    this.#emptied.clear();
    eachHiding(this.#paths, entries, additions, (hiding) => this.#collectHidden(layer, hiding));
    // Path ids depend on which layer was read first; the order of events shall not.
    const { last } = this.#events;
    this.#hidden.sort((a, b) => last[a]! - last[b]!);
    for (let i = 0; i < count; i++) this.#add(layer, entries, additions[i]!);
    for (const id of this.#hidden) {
      this.#events.push(id, this.#entry[id]! - HIDDEN, Change.deleted, 0);
    }
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
    const changed = this.#compareWithBelow(path, named?.layer ?? entries, named?.entry ?? entry);
    this.#superseded.push({ layer, entry, path, change: this.#changeWithBelow(path, changed), changed });
  }

  #collectHidden(layer: number, hiding: Hiding): void {
    const { path, itself, by } = hiding;
    const before = this.#hidden.length;
    if (itself) this.#hide(layer, path, hiding);
    // Most whiteouts name a file.
    if (this.#paths.firstChild(path) !== 0) this.#hideBelow(layer, hiding);
    if (by === DeletedBy.whiteout && this.#hidden.length === before && this.#events.last[path] === 0) {
      this.#note('whiteout-of-nothing', layer, path);
    }
  }

  #hideBelow(layer: number, hiding: Hiding): void {
    const folders = [hiding.path];
    while (folders.length > 0) {
      const parent = folders.pop()!;
      if (this.#emptied.has(parent)) continue;
      this.#emptied.add(parent);
      for (let id = this.#paths.firstChild(parent); id !== 0; id = this.#paths.nextSibling(id)) {
        this.#hide(layer, id, hiding);
        if (this.#paths.firstChild(id) !== 0) folders.push(id);
      }
    }
  }

  #hide(layer: number, path: number, { path: via, by }: Hiding): void {
    const mark = layer + 1;
    if (this.#stamp[path] === mark || !this.#isLive(path) || this.#staysFolder(path, mark)) return;
    // Two whiteouts may cover the same path: the stamp makes the second pass over it.
    this.#stamp[path] = mark;
    this.#entry[path] = HIDDEN + this.#events.deletion(via, by);
    this.#hidden.push(path);
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
    const changed = this.#compareWithBelow(path, named?.layer ?? entries, named?.entry ?? entry);
    this.#events.push(path, entry, this.#changeWithBelow(path, changed), changed);
  }

  /** What differs from what lower layers have at a path, as bits of {@link Changed}; 0 where they have nothing. */
  #compareWithBelow(path: number, after: LayerEntries, entry: number): number {
    if (!this.#isLive(path)) return 0;
    const below = this.#events.last[path]! - 1;
    const known = this.#hardlinks.get(below);
    const before = known?.layer ?? this.#layers[this.#layerOf(below)]!;
    const entryBefore = known?.entry ?? this.#events.ref(below);
    const changed = entryDifferences(before, entryBefore, after, entry);
    if ((changed & Changed.unverified) === 0) return changed;
    if (isSparse(before, entryBefore) || isSparse(after, entry)) return changed & ~Changed.unverified;
    this.#wantHash(before, entryBefore);
    this.#wantHash(after, entry);
    return changed;
  }

  /** What a layer does to a path by an entry that differs so from what lower layers have there. */
  #changeWithBelow(path: number, changed: number): Change {
    if (this.#events.last[path] === 0) return Change.added;
    return this.#isLive(path) ? classify(changed) : Change.readded;
  }

  #wantHash(layer: LayerEntries, entry: number): void {
    if (layer.sha256(entry) !== null) return;
    const place = this.#place({ layer, entry });
    this.#unverified.set(place.layer * 2 ** 32 + place.entry, place);
  }

  #place({ layer, entry }: Generation): FilePlace {
    return { layer: this.#layers.indexOf(layer), entry };
  }

  /** The generation of an event, or the one that its hard link names. */
  #named(event: number): Generation {
    const known = this.#hardlinks.get(event);
    if (known !== undefined) return known;
    return { layer: this.#layers[this.#layerOf(event)]!, entry: this.#events.ref(event) };
  }

  #layerOf(event: number): number {
    const { layerStart } = this.#events;
    let layer = this.#current;
    while (layerStart[layer]! > event) layer--;
    return layer;
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
      if (this.#stamp[target] === layer + 1 && this.#entry[target]! < HIDDEN) {
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
      const ref = this.#events.deletion(folder, DeletedBy.replacement);
      this.#events.push(folder, ref, Change.deleted, 0);
    }
  }

  #note(code: LedgerNote['code'], layer: number, path: number): void {
    if (this.#notes.length < MAX_NOTES) this.#notes.push({ code, layer, path });
  }
}
