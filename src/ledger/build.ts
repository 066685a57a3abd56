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
/** Hard links that name hard links are followed this far. */
const MAX_LINKS = 8;

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
  /** What the current layer has at each path. */
  readonly #members: LayerMembers;
  /** The current layer's entries but for those that a later one of the same path replaces. */
  readonly #additions: Uint32Array;
  /** The paths that the current layer hides, once each. */
  #hidden: number[] = [];
  /** Folders below which the current layer has hidden everything: many whiteouts of one cost no more than one. */
  readonly #emptied = new Set<number>();
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
    // What lower layers hold below a hidden path goes first, while their events are still the newest.
    this.#hidden = [];
    this.#emptied.clear();
    eachHiding(this.#paths, entries, additions, (hiding) => this.#collectHidden(layer, hiding));
    // Path ids depend on which layer was read first; the order of events shall not.
    const { last } = this.#events;
    this.#hidden.sort((a, b) => last[a]! - last[b]!);
    for (let i = 0; i < count; i++) this.#add(layer, entries, additions[i]!);
    for (const id of this.#hidden) {
      this.#events.push(id, this.#members.deletionOf(id), Change.deleted, 0);
    }
    for (const folder of this.#members.folders) this.#checkFolder(layer, folder);
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
    // Most whiteouts name a file.
    if (this.#paths.firstChild(path) !== 0) this.#hideBelow(hiding);
    if (by === DeletedBy.whiteout && this.#hidden.length === before && this.#events.last[path] === 0) {
      this.#note('whiteout-of-nothing', layer, path);
    }
  }

  #hideBelow(hiding: Hiding): void {
    const folders = [hiding.path];
    while (folders.length > 0) {
      const parent = folders.pop()!;
      if (this.#emptied.has(parent)) continue;
      this.#emptied.add(parent);
      for (let id = this.#paths.firstChild(parent); id !== 0; id = this.#paths.nextSibling(id)) {
        this.#hide(id, hiding);
        if (this.#paths.firstChild(id) !== 0) folders.push(id);
      }
    }
  }

  #hide(path: number, { path: via, by }: Hiding): void {
    // Two whiteouts may cover the same path: the second finds it among the members.
    if (this.#members.has(path) || !this.#isLive(path) || this.#staysFolder(path)) return;
    this.#members.hide(path, this.#events.deletion(via, by));
    this.#hidden.push(path);
  }

  #isLive(path: number): boolean {
    const event = this.#events.last[path]! - 1;
    return event >= 0 && this.#events.change(event) !== Change.deleted;
  }

  /** A folder that this layer hides and puts something into is there again, with no entry of its own. */
  #staysFolder(path: number): boolean {
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
    if (before.isSparse(entryBefore) || after.isSparse(entry)) return changed & ~Changed.unverified;
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
   * Entries below what is no folder. Over a lower layer's file the engines make a folder, which
   * replaces it; a symbolic link some of them replace and some follow, so it stays as it is.
   */
  #checkFolder(layer: number, folder: number): void {
    if (!this.#isLive(folder)) return;
    const type = this.#liveType(folder);
    if (type === EntryType.directory) return;
    this.#note('parent-not-a-directory', layer, folder);
    const below = !this.#members.has(folder);
    if (below && type !== EntryType.symlink) {
      const ref = this.#events.deletion(folder, DeletedBy.replacement);
      this.#events.push(folder, ref, Change.deleted, 0);
    }
  }

  #note(code: LedgerNote['code'], layer: number, path: number): void {
    if (this.#notes.length < MAX_NOTES) this.#notes.push({ code, layer, path });
  }
}
