import { EntryType } from '../tar/member.ts';
import { Change, Changed } from './change.ts';
import type { FilePlace, Ledger } from './ledger.ts';

const SPAN = 2 ** 32;

/** Entries of layers as a set, by layer and entry number. */
export class PlaceSet {
  readonly #keys = new Set<number>();

  add({ layer, entry }: FilePlace): void {
    this.#keys.add(layer * SPAN + entry);
  }

  has(layer: number, entry: number): boolean {
    return this.#keys.has(layer * SPAN + entry);
  }
}

/**
 * Files whose bytes a container reaches through a hard link that is live, whatever became of the
 * path they were stored under.
 */
export function liveThroughHardlinks(ledger: Ledger): PlaceSet {
  const places = new PlaceSet();
  for (const [event, place] of ledger.hardlinks) {
    if (ledger.state(event) === 'live') places.add(place);
  }
  return places;
}

/** True for an event whose entry is a regular file with bytes of its own in the layer's tar. */
export function hasOwnBytes(ledger: Ledger, event: number): boolean {
  if (ledger.isDeletion(event)) return false;
  return ledger.entriesOf(ledger.layerOf(event)).type(ledger.entryOf(event)) === EntryType.file;
}

/** Reports whether an event's entry is a hard link to a regular file: a name for bytes that are stored elsewhere. */
export function isFileLink(ledger: Ledger, event: number): boolean {
  const place = ledger.hardlinks.get(event);
  return place !== undefined && ledger.entriesOf(place.layer).type(place.entry) === EntryType.file;
}

/** The file that an event puts at its path, hard links followed; null for what is no file. */
export function fileOf(ledger: Ledger, event: number): FilePlace | null {
  if (ledger.isDeletion(event)) return null;
  const place = ledger.placeOf(event);
  return ledger.entriesOf(place.layer).type(place.entry) === EntryType.file ? place : null;
}

/** True where an event left the content of the generation before it as it was. */
export function keepsContent(ledger: Ledger, event: number): boolean {
  const change = ledger.change(event);
  if (change !== Change.metadata && change !== Change.unchanged) return false;
  return (ledger.changed(event) & Changed.content) === 0;
}
