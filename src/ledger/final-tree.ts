import type { Ledger } from './ledger.ts';

/**
 * Returns the entries of the tree after a layer, one event per path. A directory comes before its content; the
 * order is otherwise that of path ids, which nobody should rely on. A directory without an entry in any tar is
 * implied by its content and has no event.
 */
export function treeAfter(ledger: Ledger, layer: number): Uint32Array {
  const events = new Uint32Array(ledger.paths.count);
  let count = 0;
  for (let path = 0; path < events.length; path++) {
    const event = ledger.eventAt(path, layer);
    if (event >= 0 && !ledger.isDeletion(event)) events[count++] = event;
  }
  return events.slice(0, count);
}

/** Returns the entries that the container sees: the tree after the topmost layer (see {@link treeAfter}). */
export function finalTree(ledger: Ledger): Uint32Array {
  return treeAfter(ledger, ledger.layers.length - 1);
}
