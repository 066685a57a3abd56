import { WhiteoutKind } from '../layer/index-columns.ts';
import { type PathTable, ROOT } from '../layer/path-table.ts';
import { EntryType } from '../tar/member.ts';
import { Change, Changed, classify } from './change.ts';
import { differences, type Generation, isSparse } from './compare.ts';
import { DeletedBy, Ledger, type LedgerNote, type Superseded, type UnverifiedContent } from './ledger.ts';
import type { LayerEntries } from './layer-entries.ts';

const MAX_NOTES = 200;

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
  #path: Uint32Array;
  #ref: Uint32Array;
  #change: Uint8Array;
  #changed: Uint16Array;
  #previous: Uint32Array;
  #count = 0;
  /** The layer being applied. */
  #current = 0;
  readonly #last: Uint32Array;
  readonly #layerStart: Uint32Array;
  readonly #via: number[] = [];
  readonly #deletedBy: number[] = [];
  /** By path: the layer (plus one) that last named it, and that layer's entry. */
  readonly #stamp: Uint32Array;
  readonly #entry: Uint32Array;
  /** By path: the layer (plus one) that last put an entry somewhere below it. */
  readonly #touched: Uint32Array;
  readonly #superseded: Superseded[] = [];
  readonly #unverified = new Map<number, UnverifiedContent>();
  readonly #notes: LedgerNote[] = [];
  /** By event of a hard link: the generation that it names. */
  readonly #hardlinks = new Map<number, Generation>();

  constructor(paths: PathTable, layers: readonly (LayerEntries | null)[]) {
    this.#paths = paths;
    this.#layers = layers;
    const entries = layers.reduce((sum, layer) => sum + (layer?.count ?? 0), 0);
    const capacity = Math.ceil(entries * 1.1) + 64;
    this.#path = new Uint32Array(capacity);
    this.#ref = new Uint32Array(capacity);
    this.#change = new Uint8Array(capacity);
    this.#changed = new Uint16Array(capacity);
    this.#previous = new Uint32Array(capacity);
    this.#last = new Uint32Array(paths.count);
    this.#stamp = new Uint32Array(paths.count);
    this.#entry = new Uint32Array(paths.count);
    this.#touched = new Uint32Array(paths.count);
    this.#layerStart = new Uint32Array(layers.length + 1);
  }

  build(): Ledger {
    for (let layer = 0; layer < this.#layers.length; layer++) {
      this.#current = layer;
      this.#layerStart[layer] = this.#count;
      const entries = this.#layers[layer];
      if (entries) this.#apply(layer, entries);
    }
    this.#layerStart[this.#layers.length] = this.#count;
    const n = this.#count;
    return new Ledger({
      paths: this.#paths,
      layers: this.#layers,
      columns: {
        layerStart: this.#layerStart,
        path: this.#path.slice(0, n),
        ref: this.#ref.slice(0, n),
        change: this.#change.slice(0, n),
        changed: this.#changed.slice(0, n),
        previous: this.#previous.slice(0, n),
        last: this.#last,
        via: Uint32Array.from(this.#via),
        deletedBy: Uint8Array.from(this.#deletedBy),
      },
      hardlinks: this.#namedPlaces(),
      superseded: this.#superseded,
      unverified: [...this.#unverified.values()],
      notes: this.#notes,
    });
  }

  #namedPlaces(): Map<number, ContentPlace> {
    const places = new Map<number, ContentPlace>();
    for (const [event, { layer, entry }] of this.#hardlinks) {
      places.set(event, { layer: this.#layers.indexOf(layer), entry });
    }
    return places;
  }

  #apply(layer: number, entries: LayerEntries): void {
    this.#stampEntries(layer, entries);
    const { path, type } = entries.columns;
    const additions: number[] = [];
    const hides: { path: number; itself: boolean; by: DeletedBy }[] = [];
    for (let i = 0; i < entries.count; i++) {
      const id = path[i]!;
      if (this.#entry[id] !== i) {
        this.#supersede(layer, entries, i, id);
        continue;
      }
      if (type[i] !== EntryType.directory && this.#paths.firstChild(id) !== 0 && id !== ROOT) {
        hides.push({ path: id, itself: false, by: DeletedBy.replacement });
      }
      additions.push(i);
    }
    const whiteouts = entries.columns.whiteoutPath;
    for (let i = 0; i < whiteouts.length; i++) {
      const opaque = entries.columns.whiteoutKind[i] === WhiteoutKind.opaque;
      hides.push({
        path: whiteouts[i]!,
        itself: !opaque,
        by: opaque ? DeletedBy.opaque : DeletedBy.whiteout,
      });
    }
    // What lower layers hold below a hidden path goes first, while their events are still the newest.
    const deletions: { path: number; via: number; by: DeletedBy }[] = [];
    for (const hide of hides) this.#collectHidden(layer, hide, deletions);
    for (const i of additions) this.#add(layer, entries, i);
    for (const { path: id, via, by } of deletions) this.#delete(id, via, by);
    this.#checkParents(layer, entries, additions);
  }

  /** Notes for each path of the layer its last entry, and for each folder above that something lies below. */
  #stampEntries(layer: number, entries: LayerEntries): void {
    const mark = layer + 1;
    const { path } = entries.columns;
    for (let i = 0; i < entries.count; i++) {
      const id = path[i]!;
      this.#stamp[id] = mark;
      this.#entry[id] = i;
      for (let up = this.#paths.parent(id); up !== ROOT && this.#touched[up] !== mark;) {
        this.#touched[up] = mark;
        up = this.#paths.parent(up);
      }
    }
  }

  #supersede(layer: number, entries: LayerEntries, entry: number, path: number): void {
    const { change, changed } = this.#compareWithBelow(path, { layer: entries, entry }, null);
    this.#superseded.push({ layer, entry, path, change, changed });
  }

  #collectHidden(
    layer: number,
    hide: { path: number; itself: boolean; by: DeletedBy },
    deletions: { path: number; via: number; by: DeletedBy }[],
  ): void {
    const mark = layer + 1;
    const before = deletions.length;
    const stack: number[] = [];
    const visit = (id: number): void => {
      const event = this.#last[id]!;
      const live = event !== 0 && this.#change[event - 1] !== Change.deleted;
      if (live && this.#stamp[id] !== mark && this.#touched[id] !== mark) {
        // Two whiteouts may cover the same path: the stamp makes the second pass over it.
        this.#stamp[id] = mark;
        this.#entry[id] = 0xffffffff;
        deletions.push({ path: id, via: hide.path, by: hide.by });
      }
      if (this.#paths.firstChild(id) !== 0) stack.push(id);
    };
    if (hide.itself) visit(hide.path);
    else stack.push(hide.path);
    while (stack.length > 0) {
      const parent = stack.pop()!;
      for (let id = this.#paths.firstChild(parent); id !== 0; id = this.#paths.nextSibling(id)) visit(id);
    }
    if (hide.by === DeletedBy.whiteout && deletions.length === before && this.#last[hide.path] === 0) {
      this.#note('whiteout-of-nothing', layer, hide.path);
    }
  }

  #add(layer: number, entries: LayerEntries, entry: number): void {
    const path = entries.columns.path[entry]!;
    const event = this.#count;
    const named = this.#resolveHardlink(layer, entries, entry);
    const { change, changed } = this.#compareWithBelow(path, { layer: entries, entry }, named);
    if (named !== null) this.#hardlinks.set(event, named);
    this.#push(path, entry, change, changed);
  }

  #compareWithBelow(
    path: number,
    generation: Generation,
    named: Generation | null,
  ): { change: Change; changed: number } {
    const below = this.#last[path]! - 1;
    if (below < 0) return { change: Change.added, changed: 0 };
    if (this.#change[below] === Change.deleted) return { change: Change.readded, changed: 0 };
    const before = this.#hardlinks.get(below) ?? this.#generation(below);
    const after = named ?? generation;
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

  #wantHash({ layer, entry }: Generation): void {
    if (layer.sha256(entry) !== null) return;
    const index = this.#layers.indexOf(layer);
    this.#unverified.set(index * 2 ** 32 + entry, { layer: index, entry });
  }

  #generation(event: number): Generation {
    return { layer: this.#layers[this.#layerOf(event)]!, entry: this.#ref[event]! };
  }

  #layerOf(event: number): number {
    let layer = this.#current;
    while (this.#layerStart[layer]! > event) layer--;
    return layer;
  }

  /** Follows a hard link, through others if need be, to a file of this layer or, oddly, of a lower one. */
  #resolveHardlink(layer: number, entries: LayerEntries, entry: number): Generation | null {
    if (entries.type(entry) !== EntryType.hardlink) return null;
    let at = entry;
    for (let step = 0; step < 8; step++) {
      const target = this.#paths.lookup(entries.link(at));
      if (target < 0) break;
      if (this.#stamp[target] === layer + 1 && this.#entry[target] !== 0xffffffff) {
        at = this.#entry[target]!;
        if (entries.type(at) !== EntryType.hardlink) return { layer: entries, entry: at };
        continue;
      }
      const event = this.#last[target]! - 1;
      if (event < 0 || this.#change[event] === Change.deleted) break;
      this.#note('hardlink-below', layer, entries.columns.path[entry]!);
      return this.#hardlinks.get(event) ?? this.#generation(event);
    }
    this.#note('hardlink-dangling', layer, entries.columns.path[entry]!);
    return null;
  }

  #delete(path: number, via: number, by: DeletedBy): void {
    this.#via.push(via);
    this.#deletedBy.push(by);
    this.#push(path, this.#via.length - 1, Change.deleted, 0);
  }

  #push(path: number, ref: number, change: Change, changed: number): void {
    const event = this.#count++;
    if (event === this.#path.length) this.#grow();
    this.#path[event] = path;
    this.#ref[event] = ref;
    this.#change[event] = change;
    this.#changed[event] = changed;
    this.#previous[event] = this.#last[path]!;
    this.#last[path] = event + 1;
  }

  /** An entry below what is no folder: engines differ in what they make of it. */
  #checkParents(layer: number, entries: LayerEntries, additions: readonly number[]): void {
    let checked = -1;
    for (const i of additions) {
      const parent = this.#paths.parent(entries.columns.path[i]!);
      if (parent === checked || parent === ROOT) continue;
      checked = parent;
      const event = this.#last[parent]! - 1;
      if (event < 0 || this.#change[event] === Change.deleted) continue;
      const { layer: holder, entry } = this.#generation(event);
      if (holder.type(entry) !== EntryType.directory) this.#note('parent-not-a-directory', layer, parent);
    }
  }

  #note(code: LedgerNote['code'], layer: number, path: number): void {
    if (this.#notes.length < MAX_NOTES) this.#notes.push({ code, layer, path });
  }

  #grow(): void {
    const size = Math.ceil(this.#path.length * 1.5) + 64;
    const grow = <T extends { set(from: T): void }>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#path = grow(this.#path, new Uint32Array(size));
    this.#ref = grow(this.#ref, new Uint32Array(size));
    this.#change = grow(this.#change, new Uint8Array(size));
    this.#changed = grow(this.#changed, new Uint16Array(size));
    this.#previous = grow(this.#previous, new Uint32Array(size));
  }
}
