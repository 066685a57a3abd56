import { EntryType } from '../tar/member.ts';
import type { FilePlace, Ledger } from './ledger.ts';

const SPAN = 2 ** 32;

/**
 * The names of one file: the entry that stores it, and the hard links to it. The first name is the one
 * that the file was stored under; the links follow in the order of their layers and tars.
 */
export class LinkGroup {
  /** The entry that stores the file. */
  readonly place: FilePlace;
  /** The events that gave the file its names, the first name first. */
  readonly names: readonly number[];
  readonly #ledger: Ledger;
  readonly #firstAfter = new Map<number, number>();
  #live: readonly number[] | null = null;

  constructor(ledger: Ledger, place: FilePlace, links: readonly number[]) {
    const own = ownEvent(ledger, place);
    this.#ledger = ledger;
    this.place = place;
    this.names = own < 0 ? links : [own, ...links];
  }

  /** The event of the first name that the tree after a layer has, or -1. */
  firstAfter(layer: number): number {
    let first = this.#firstAfter.get(layer);
    if (first === undefined) {
      first = this.names.find((event) => isInTree(this.#ledger, event, layer)) ?? -1;
      this.#firstAfter.set(layer, first);
    }
    return first;
  }

  /** The names that the final tree has, as events. */
  get live(): readonly number[] {
    const top = this.#ledger.layers.length - 1;
    this.#live ??= this.names.filter((event) => isInTree(this.#ledger, event, top));
    return this.#live;
  }
}

/** The files of an image that have hard links. */
export class LinkGroups {
  readonly #ledger: Ledger;
  readonly #groups = new Map<number, LinkGroup>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    const links = new Map<number, { place: FilePlace; events: number[] }>();
    for (const [event, place] of ledger.hardlinks) {
      const key = keyOf(place);
      const known = links.get(key);
      if (known === undefined) links.set(key, { place, events: [event] });
      else known.events.push(event);
    }
    for (const [key, { place, events }] of links) {
      this.#groups.set(key, new LinkGroup(ledger, place, events));
    }
  }

  get all(): Iterable<LinkGroup> {
    return this.#groups.values();
  }

  /** The group of the file that an entry stores; undefined if no hard link names it. */
  at(place: FilePlace): LinkGroup | undefined {
    return this.#groups.size === 0 ? undefined : this.#groups.get(keyOf(place));
  }

  /** The group of the file that an event, not a deletion, puts at its path; undefined if it has one name only. */
  of(event: number): LinkGroup | undefined {
    return this.#groups.size === 0 ? undefined : this.#groups.get(keyOf(this.#ledger.placeOf(event)));
  }
}

const groupsOf = new WeakMap<Ledger, LinkGroups>();

/** The link groups of a ledger, computed once. */
export function linkGroups(ledger: Ledger): LinkGroups {
  let groups = groupsOf.get(ledger);
  if (groups === undefined) {
    groups = new LinkGroups(ledger);
    groupsOf.set(ledger, groups);
  }
  return groups;
}

/**
 * The paths, other than its own, under which the final tree has the file that an event put at its path.
 * @param event not a deletion
 */
export function otherLiveNames(ledger: Ledger, event: number): number[] {
  const live = linkGroups(ledger).of(event)?.live ?? [];
  return live.filter((name) => name !== event).map((name) => ledger.pathOf(name));
}

/** An entry as a tree shows it. */
export interface SeenEntry {
  /** The entry whose mode, owner, time and attributes count. */
  readonly place: FilePlace;
  /** `hardlink` for every name of a file but its first, and for a link to nothing. */
  readonly type: EntryType;
  /** Bytes of a regular file; 0 for a hard link, so that sums count a file once. */
  readonly size: number;
  /** Target of a link, without the leading slash for a hard link, as a tar writes it; null if it is not a link. */
  readonly link: Uint8Array | null;
}

/**
 * Describes an event as the tree after a layer shows it. Of the names that a file has in that tree, the first
 * (see {@link LinkGroup}) is the file, the others are hard links to the first.
 * @param event not a deletion
 * @param layer one whose tree has the event
 */
export function seenAfter(ledger: Ledger, event: number, layer: number): SeenEntry {
  const place = ledger.placeOf(event);
  const first = linkGroups(ledger).at(place)?.firstAfter(layer) ?? -1;
  if (first < 0 || first === event) return storedEntry(ledger, place);
  return linkTo(ledger, place, ledger.pathOf(first), linkAsWritten(ledger, event));
}

/** Describes an entry by itself: as its layer's tar has it. */
export function storedEntry(ledger: Ledger, place: FilePlace): SeenEntry {
  const holder = ledger.entriesOf(place.layer);
  const type = holder.type(place.entry);
  const isLink = type === EntryType.symlink || type === EntryType.hardlink;
  return {
    place,
    type,
    size: holder.size(place.entry),
    link: isLink ? holder.link(place.entry) : null,
  };
}

/** A further name of the file at a place. The target stays as the tar wrote it if that names the first name. */
function linkTo(ledger: Ledger, place: FilePlace, first: number, written: Uint8Array | null): SeenEntry {
  const keep = written !== null && ledger.paths.lookup(written) === first;
  const link = keep ? written : ledger.paths.path(first).subarray(1);
  return { place, type: EntryType.hardlink, size: 0, link };
}

function linkAsWritten(ledger: Ledger, event: number): Uint8Array | null {
  const holder = ledger.entriesOf(ledger.layerOf(event));
  const entry = ledger.entryOf(event);
  return holder.type(entry) === EntryType.hardlink ? holder.link(entry) : null;
}

function isInTree(ledger: Ledger, event: number, layer: number): boolean {
  return ledger.eventAt(ledger.pathOf(event), layer) === event;
}

/** The event of the entry itself; -1 if a later member of the same path in the same tar replaced it. */
function ownEvent(ledger: Ledger, { layer, entry }: FilePlace): number {
  const event = ledger.eventAt(ledger.entriesOf(layer).path(entry), layer);
  if (event < 0 || ledger.isDeletion(event) || ledger.layerOf(event) !== layer) return -1;
  return ledger.entryOf(event) === entry ? event : -1;
}

function keyOf({ layer, entry }: FilePlace): number {
  return layer * SPAN + entry;
}
