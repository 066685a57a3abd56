import { Change, Changed, classify } from '../../ledger/change.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { EntryType } from '../../tar/member.ts';
import type { Reading, Shown } from './reading.ts';

/** Marks a path without an event of its own in a reading. */
export const NO_EVENT = -1;

/**
 * A reading of the ledger, path by path. Built in a few linear passes; parents have smaller ids
 * than their children, so sums over folders are one loop from the end.
 */
export interface TreeColumns {
  readonly ledger: Ledger;
  /** By path: the event shown, or {@link NO_EVENT}. */
  readonly event: Int32Array;
  /** By path: what the reading says happened to it ({@link Change}). */
  readonly change: Uint8Array;
  /** By path: 1 where it, or something below it, is shown. */
  readonly present: Uint8Array;
  /** By path: how many shown paths lie below. */
  readonly below: Uint32Array;
  /** By path: bytes of the regular files shown in and below it. */
  readonly size: Float64Array;
  /** By path: those of them that the final tree has no more. */
  readonly lost: Float64Array;
}

/** Tells for each path whether a filter keeps it; null keeps all. */
export type PathFilter = ((path: number) => boolean) | null;

/** Reads the ledger in one way. */
export function readTree(ledger: Ledger, reading: Reading, shown: Shown, filter: PathFilter): TreeColumns {
  const count = ledger.paths.count;
  const columns: TreeColumns = {
    ledger,
    event: new Int32Array(count).fill(NO_EVENT),
    change: new Uint8Array(count).fill(Change.unchanged),
    present: new Uint8Array(count),
    below: new Uint32Array(count),
    size: new Float64Array(count),
    lost: new Float64Array(count),
  };
  fillEvents(columns, reading);
  for (let path = 1; path < count; path++) {
    const event = columns.event[path]!;
    if (event === NO_EVENT) continue;
    if (!keeps(columns, path, event, shown) || (filter !== null && !filter(path))) continue;
    columns.present[path] = 1;
    addSize(columns, path, event);
  }
  const parents = ledger.paths.parents;
  for (let path = count - 1; path > 0; path--) {
    if (columns.present[path] === 0) continue;
    const parent = parents[path]!;
    columns.present[parent] = 1;
    columns.below[parent]! += columns.below[path]! + 1;
    columns.size[parent]! += columns.size[path]!;
    columns.lost[parent]! += columns.lost[path]!;
  }
  return columns;
}

function fillEvents(columns: TreeColumns, reading: Reading): void {
  const { ledger, event: events, change } = columns;
  if (reading.kind === 'changes') {
    const [start, end] = ledger.eventsOf(reading.layer);
    for (let event = start; event < end; event++) {
      const path = ledger.pathOf(event);
      events[path] = event;
      change[path] = ledger.change(event);
    }
    return;
  }
  const layer =
    reading.kind === 'after'
      ? reading.layer
      : reading.kind === 'between'
        ? reading.to
        : ledger.layers.length - 1;
  if (layer < 0) return;
  const [start] = ledger.eventsOf(layer);
  for (let path = 1; path < ledger.paths.count; path++) {
    const event = ledger.eventAt(path, layer);
    if (event < 0) continue;
    if (reading.kind === 'between') {
      fillDifference(columns, path, event, reading.from);
      continue;
    }
    if (ledger.isDeletion(event)) continue;
    events[path] = event;
    if (reading.kind === 'after' && event >= start) change[path] = ledger.change(event);
  }
}

/** What happened to a path between two layers, taken together. */
function fillDifference(columns: TreeColumns, path: number, event: number, from: number): void {
  const { ledger } = columns;
  const before = ledger.eventAt(path, from);
  const wasLive = before >= 0 && !ledger.isDeletion(before);
  const isLive = !ledger.isDeletion(event);
  if (event === before || (!wasLive && !isLive)) return;
  columns.event[path] = event;
  if (!wasLive) columns.change[path] = Change.added;
  else if (!isLive) columns.change[path] = Change.deleted;
  else {
    let bits = 0;
    for (let at = event; at !== before && at >= 0; at = ledger.previousEvent(at)) {
      // Deleted and added again in between: what differs was not compared step by step.
      bits |= ledger.isDeletion(at) ? Changed.content : ledger.changed(at);
    }
    columns.change[path] = classify(bits);
  }
}

function keeps(columns: TreeColumns, path: number, event: number, shown: Shown): boolean {
  const { ledger } = columns;
  switch (columns.change[path]) {
    case Change.added:
    case Change.readded:
      if (!shown.added) return false;
      break;
    case Change.modified:
    case Change.replaced:
      if (!shown.modified) return false;
      break;
    case Change.metadata:
      if (!shown.metadata) return false;
      break;
    case Change.deleted:
      if (!shown.deleted) return false;
      break;
    default:
      if (!shown.unchanged) return false;
  }
  if (!shown.filesOnly && !shown.executablesOnly) return true;
  const held = ledger.entryEvent(event);
  const holder = ledger.layers[ledger.layerOf(held)]!;
  const entry = ledger.entryOf(held);
  const type = holder.type(entry);
  if (type !== EntryType.file && type !== EntryType.hardlink) return false;
  return !shown.executablesOnly || (holder.columns.mode[entry]! & 0o111) !== 0;
}

function addSize(columns: TreeColumns, path: number, event: number): void {
  const { ledger } = columns;
  if (ledger.isDeletion(event)) return;
  const holder = ledger.layers[ledger.layerOf(event)]!;
  const entry = ledger.entryOf(event);
  if (holder.type(entry) !== EntryType.file) return;
  const size = holder.columns.size[entry]!;
  columns.size[path] = size;
  if (ledger.state(event) !== 'live') columns.lost[path] = size;
}
