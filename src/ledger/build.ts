import type { PathTable } from '../layer/path-table.ts';
import { EntryType } from '../tar/member.ts';
import { Change, Changed, classify } from './change.ts';
import { entryDifferences, type Generation } from './compare.ts';
import { EventColumns } from './event-columns.ts';
import { eachHiding, type Hiding } from './hiding.ts';
import { DeletedBy, type FilePlace, Ledger, type LedgerNote, type Superseded } from './ledger.ts';
import type { LayerEntries } from './layer-entries.ts';
import { LayerMembers } from './layer-members.ts';

const MAX_NOTES = 200;
/** Longest chain of hard links to hard links that is followed. */
const MAX_LINKS = 8;

/**
 * Stacks layers, from the bottom up, into a ledger (image-spec, layer.md, "Applying Changesets").
 * Linear in the number of entries and of paths below what is deleted.
 * @param layers null for a layer that is missing or not read yet: it changes nothing
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
  /** The current layer's entry at each path. */
  readonly #members: LayerMembers;
  /** The current layer's entries, without those that a later entry of the same path replaces. */
  readonly #additions: Uint32Array;
  /** The paths that the current layer hides, each once. */
  #hidden: number[] = [];
  /** Directories whose content the current layer has hidden. Another whiteout of one of them is then cheap. */
  readonly #emptied = new Set<number>();
  readonly #superseded: Superseded[] = [];
  readonly #unverified = new Map<number, FilePlace>();
  readonly #notes: LedgerNote[] = [];
  /** The generation that a hard link names, by the link's event. */
  readonly #hardlinks = new Map<number, Generation>();

  constructor(paths: PathTable, layers: readonly (LayerEntries | null)[]) {
    this.#paths = paths;
    this.#layers = layers;
    const entries = layers.reduce((sum, layer) => sum + (layer?.count ?? 0), 0);
    this.#events = new EventColumns(paths.count, layers.length, Math.ceil(entries * 1.1) + 64);
    this.#additions = new Uint32Array(Math.max(0, ...layers.map((layer) => layer?.count ?? 0)));
    this.#members = new LayerMembers(paths, layers.length);
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
    this.#members.begin(layer, entries);
    const { path } = entries.columns;
    let count = 0;
    for (let i = 0; i < entries.count; i++) {
      const id = path[i]!;
      if (this.#members.isLast(id, i)) this.#additions[count++] = i;
      else this.#supersede(layer, entries, i, id);
    }
    const additions = this.#additions.subarray(0, count);
    // First delete what lower layers have below hidden paths, while their events are still the newest.
    this.#hidden = [];
    this.#emptied.clear();
    eachHiding(this.#paths, entries, additions, (hiding) => this.#collectHidden(layer, hiding));
    // Path ids depend on which layer was read first; the order of events must not.
    const { last } = this.#events;
    this.#hidden.sort((a, b) => last[a]! - last[b]!);
    for (let i = 0; i < count; i++) this.#add(layer, entries, additions[i]!);
    for (const id of this.#hidden) {
      this.#events.push(id, this.#members.deletionOf(id), Change.deleted, 0);
    }
    for (const directory of this.#members.directories) this.#checkDirectory(layer, directory);
  }

  #supersede(layer: number, entries: LayerEntries, entry: number, path: number): void {
    const named = this.#resolveHardlink(layer, entries, entry);
    const changed = this.#compareWithBelow(path, named?.layer ?? entries, named?.entry ?? entry);
    this.#superseded.push({ layer, entry, path, change: this.#changeWithBelow(path, changed), changed });
  }

  #collectHidden(layer: number, hiding: Hiding): void {
    const { path, itself, by } = hiding;
    const before = this.#hidden.length;
    if (itself) this.#hide(path, hiding);
    // Most whiteouts name a file, which has nothing below it.
    if (this.#paths.firstChild(path) !== 0) this.#hideBelow(hiding);
    if (by === DeletedBy.whiteout && this.#hidden.length === before && this.#events.last[path] === 0) {
      this.#note('whiteout-of-nothing', layer, path);
    }
  }

  #hideBelow(hiding: Hiding): void {
    const directories = [hiding.path];
    while (directories.length > 0) {
      const parent = directories.pop()!;
      if (this.#emptied.has(parent)) continue;
      this.#emptied.add(parent);
      for (let id = this.#paths.firstChild(parent); id !== 0; id = this.#paths.nextSibling(id)) {
        this.#hide(id, hiding);
        if (this.#paths.firstChild(id) !== 0) directories.push(id);
      }
    }
  }

  #hide(path: number, { path: via, by }: Hiding): void {
    // Two whiteouts may cover the same path: the second finds it hidden in #members.
    if (this.#members.has(path) || !this.#isLive(path) || this.#staysDirectory(path)) return;
    this.#members.hide(path, this.#events.deletion(via, by));
    this.#hidden.push(path);
  }

  #isLive(path: number): boolean {
    const event = this.#events.last[path]! - 1;
    return event >= 0 && this.#events.change(event) !== Change.deleted;
  }

  /**
   * Reports whether a directory, which this layer hides, exists again without an entry of its own because the
   * layer adds something below it.
   */
  #staysDirectory(path: number): boolean {
    return this.#members.hasBelow(path) && this.#liveType(path) === EntryType.directory;
  }

  #liveType(path: number): EntryType {
    const { layer, entry } = this.#named(this.#events.last[path]! - 1);
    return layer.type(entry);
  }

  #add(layer: number, entries: LayerEntries, entry: number): void {
    const path = entries.path(entry);
    const named = this.#resolveHardlink(layer, entries, entry);
    if (named !== null) this.#hardlinks.set(this.#events.count, named);
    if (this.#events.last[path] === 0) {
      // Hot path: most paths have one event, so this case must not allocate.
      this.#events.push(path, entry, Change.added, 0);
      return;
    }
    const changed = this.#compareWithBelow(path, named?.layer ?? entries, named?.entry ?? entry);
    this.#events.push(path, entry, this.#changeWithBelow(path, changed), changed);
  }

  /**
   * Returns how an entry differs from the one that lower layers have at a path, as bits of {@link Changed}; 0
   * if they have none.
   */
  #compareWithBelow(path: number, after: LayerEntries, entry: number): number {
    if (!this.#isLive(path)) return 0;
    const below = this.#events.last[path]! - 1;
    const known = this.#hardlinks.get(below);
    const before = known?.layer ?? this.#layers[this.#layerOf(below)]!;
    const entryBefore = known?.entry ?? this.#events.ref(below);
    const changed = entryDifferences(before, entryBefore, after, entry);
    if ((changed & Changed.unverified) === 0) return changed;
    if (before.isSparse(entryBefore) || after.isSparse(entry)) return changed & ~Changed.unverified;
    this.#wantHash(before, entryBefore);
    this.#wantHash(after, entry);
    return changed;
  }

  /**
   * Returns the change that an entry makes to a path. `changed` are its differences from what lower layers
   * have there.
   */
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

  /** Returns the generation of an event; for a hard link, the generation that it names. */
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
   * Follows a hard link, through other links if necessary, to a file of this layer or, unusually, of a lower one.
   * A directory cannot have a second name, so a link to one is dangling.
   */
  #resolveHardlink(layer: number, entries: LayerEntries, entry: number): Generation | null {
    if (entries.type(entry) !== EntryType.hardlink) return null;
    const named = this.#followHardlink(entries, entry);
    if (named !== null && named.layer.type(named.entry) !== EntryType.directory) {
      if (named.layer !== entries) this.#note('hardlink-below', layer, entries.path(entry));
      return named;
    }
    this.#note('hardlink-dangling', layer, entries.path(entry));
    return null;
  }

  #followHardlink(entries: LayerEntries, entry: number): Generation | null {
    let at = entry;
    for (let step = 0; step < MAX_LINKS; step++) {
      const target = this.#paths.lookup(entries.link(at));
      if (target < 0) return null;
      const member = this.#members.memberFor(target, at);
      if (member >= 0) {
        at = member;
        if (entries.type(at) !== EntryType.hardlink) return { layer: entries, entry: at };
        continue;
      }
      return this.#isLive(target) ? this.#named(this.#events.last[target]! - 1) : null;
    }
    return null;
  }

  /**
   * Checks a directory that entries of this layer are in but that lower layers have as something else. Container
   * engines replace a file with a directory. Some replace a symbolic link and some follow it, so it stays as it is.
   */
  #checkDirectory(layer: number, directory: number): void {
    if (!this.#isLive(directory)) return;
    const type = this.#liveType(directory);
    if (type === EntryType.directory) return;
    this.#note('parent-not-a-directory', layer, directory);
    const below = !this.#members.has(directory);
    if (below && type !== EntryType.symlink) {
      const ref = this.#events.deletion(directory, DeletedBy.replacement);
      this.#events.push(directory, ref, Change.deleted, 0);
    }
  }

  #note(code: LedgerNote['code'], layer: number, path: number): void {
    if (this.#notes.length < MAX_NOTES) this.#notes.push({ code, layer, path });
  }
}
