import type { Ledger } from './ledger.ts';
import { newestEntry, resolveContent } from './resolve.ts';

/**
 * Returns the events of a path and of everything below it: the newest generation of each, or the one of a layer.
 * A link at the path itself is replaced by the file that it leads to.
 * @param layer null for the newest generations
 */
export function eventsBelow(ledger: Ledger, path: number, layer: number | null): number[] {
  const events: number[] = [];
  const stack = [path];
  while (stack.length > 0) {
    const at = stack.pop()!;
    const event =
      layer === null ? newestEntry(ledger, at, ledger.layers.length - 1) : entryInLayer(ledger, at, layer);
    if (event >= 0) events.push(at === path ? namedFile(ledger, event) : event);
    for (let child = ledger.paths.firstChild(at); child !== 0; child = ledger.paths.nextSibling(child))
      stack.push(child);
  }
  return events;
}

function entryInLayer(ledger: Ledger, path: number, layer: number): number {
  const event = ledger.eventAt(path, layer);
  return event >= 0 && ledger.layerOf(event) === layer && !ledger.isDeletion(event) ? event : -1;
}

function namedFile(ledger: Ledger, event: number): number {
  const resolution = resolveContent(ledger, event);
  if (resolution.kind !== 'file' || resolution.place.path === ledger.pathOf(event)) return event;
  return newestEntry(ledger, resolution.place.path, resolution.place.layer);
}
