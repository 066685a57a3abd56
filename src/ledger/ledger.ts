import type { PathTable } from '../layer/path-table.ts';
import { Change } from './change.ts';
import type { LayerEntries } from './layer-entries.ts';

/** How a path came to be deleted. */
export const DeletedBy = { whiteout: 0, opaque: 1, replacement: 2 } as const;
export type DeletedBy = (typeof DeletedBy)[keyof typeof DeletedBy];

/** Final state of a generation, as in the contract. */
export type State = 'live' | 'shadowed' | 'deleted';

/** An earlier member of a tar that a later one of the same path in the same tar replaced. */
export interface Superseded {
  readonly layer: number;
  readonly entry: number;
  readonly path: number;
  readonly change: Change;
  readonly changed: number;
}

/** Where the bytes of a file are: an entry of a layer. */
export interface FilePlace {
  readonly layer: number;
  readonly entry: number;
}

/** A file whose content must be hashed before its change can be told. */
export type UnverifiedContent = FilePlace;

/** Something odd about how layers lie on each other. */
export interface LedgerNote {
  readonly code: 'parent-not-a-directory' | 'hardlink-below' | 'hardlink-dangling' | 'whiteout-of-nothing';
  readonly layer: number;
  readonly path: number;
}

/** The arrays of a ledger; see {@link Ledger}. */
export interface LedgerColumns {
  /** First event of each layer, and behind the last the number of events. */
  readonly layerStart: Uint32Array;
  readonly path: Uint32Array;
  /** Entry number in its layer; for a deletion its number among {@link LedgerColumns.via}. */
  readonly ref: Uint32Array;
  readonly change: Uint8Array;
  readonly changed: Uint16Array;
  /** The event of the same path before this one, plus one; 0 where there is none. */
  readonly previous: Uint32Array;
  /** By path: its newest event, plus one; 0 where no layer names it (a folder only implied). */
  readonly last: Uint32Array;
  /** By deletion: the path of the whiteout's target or of the replacement, and how. */
  readonly via: Uint32Array;
  readonly deletedBy: Uint8Array;
}

/**
 * Every path's line through all layers. An *event* is one thing that one layer did to one path:
 * an entry of its tar, or a deletion. Events are numbered from the bottom layer up, so a layer's
 * events are a range, and a path's events are linked from the newest down.
 *
 * Questions (diff, final tree, ghosts, setuid, waste) live in files of their own and read only this.
 */
export class Ledger {
  readonly paths: PathTable;
  /** From the bottom up; null where a layer is missing or not read yet. */
  readonly layers: readonly (LayerEntries | null)[];
  readonly columns: LedgerColumns;
  /** By event of a hard link: the file that it names. A link that names nothing is not here. */
  readonly hardlinks: ReadonlyMap<number, FilePlace>;
  readonly superseded: readonly Superseded[];
  readonly unverified: readonly UnverifiedContent[];
  readonly notes: readonly LedgerNote[];

  constructor(parts: {
    paths: PathTable;
    layers: readonly (LayerEntries | null)[];
    columns: LedgerColumns;
    hardlinks: ReadonlyMap<number, FilePlace>;
    superseded: readonly Superseded[];
    unverified: readonly UnverifiedContent[];
    notes: readonly LedgerNote[];
  }) {
    this.paths = parts.paths;
    this.layers = parts.layers;
    this.columns = parts.columns;
    this.hardlinks = parts.hardlinks;
    this.superseded = parts.superseded;
    this.unverified = parts.unverified;
    this.notes = parts.notes;
  }

  /**
   * The entries of a layer that has been read: any that has an event.
   * @throws RangeError for a layer that is missing or not read yet
   */
  entriesOf(layer: number): LayerEntries {
    const entries = this.layers[layer];
    if (!entries) throw new RangeError(`layer ${layer} has not been read`);
    return entries;
  }

  get eventCount(): number {
    return this.columns.path.length;
  }

  /** The range of a layer's events, end excluded. */
  eventsOf(layer: number): readonly [start: number, end: number] {
    const { layerStart } = this.columns;
    return [layerStart[layer]!, layerStart[layer + 1]!];
  }

  /** The layer of an event, by binary search. */
  layerOf(event: number): number {
    const { layerStart } = this.columns;
    let low = 0;
    let high = layerStart.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (layerStart[middle]! <= event) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  pathOf(event: number): number {
    return this.columns.path[event]!;
  }

  change(event: number): Change {
    return this.columns.change[event] as Change;
  }

  /** Bits of Changed against the generation below. */
  changed(event: number): number {
    return this.columns.changed[event]!;
  }

  /** The newest event of a path, or -1. */
  lastEvent(path: number): number {
    return this.columns.last[path]! - 1;
  }

  /** The event before this one on the same path, or -1. */
  previousEvent(event: number): number {
    return this.columns.previous[event]! - 1;
  }

  /** The newest event of a path in a layer or below it, or -1. */
  eventAt(path: number, layer: number): number {
    const end = this.columns.layerStart[layer + 1]!;
    let event = this.lastEvent(path);
    while (event >= end) event = this.previousEvent(event);
    return event;
  }

  /** A path's events from the bottom layer up. */
  line(path: number): number[] {
    const events: number[] = [];
    for (let event = this.lastEvent(path); event >= 0; event = this.previousEvent(event)) events.push(event);
    return events.toReversed();
  }

  isDeletion(event: number): boolean {
    return this.columns.change[event] === Change.deleted;
  }

  /** The entry of an event that is no deletion. */
  entryOf(event: number): number {
    return this.columns.ref[event]!;
  }

  /** The entry that says what an event's path is: its own, or for a hard link that of the file named. */
  placeOf(event: number): FilePlace {
    return this.hardlinks.get(event) ?? { layer: this.layerOf(event), entry: this.entryOf(event) };
  }

  /** What deleted the path: by whiteout, opaque folder or replacement, and of which path. */
  deletion(event: number): { readonly via: number; readonly by: DeletedBy } {
    const ref = this.columns.ref[event]!;
    return { via: this.columns.via[ref]!, by: this.columns.deletedBy[ref] as DeletedBy };
  }

  /** The event whose entry a deletion took away (the one itself where it is no deletion). */
  entryEvent(event: number): number {
    return this.isDeletion(event) ? this.previousEvent(event) : event;
  }

  /** What has become of an event's generation in the final tree. */
  state(event: number): State {
    const path = this.pathOf(event);
    return this.lastEvent(path) === event && !this.isDeletion(event) ? 'live' : this.endedState(path);
  }

  /** The state of what a path once had and no longer shows: `deleted` if its newest event is a deletion. */
  endedState(path: number): Exclude<State, 'live'> {
    return this.isDeletion(this.lastEvent(path)) ? 'deleted' : 'shadowed';
  }

  /** Whether a path is in the tree after a layer, by an entry of its own. */
  isLiveAfter(path: number, layer: number): boolean {
    const event = this.eventAt(path, layer);
    return event >= 0 && !this.isDeletion(event);
  }
}
