import type { Ledger } from './ledger.ts';

/**
 * The entries of the tree after a layer, one event a path. A folder comes before what lies in it;
 * the order is else that of path ids, which no one should rely on. A folder that no tar has an
 * entry for is implied by what lies in it and has no event.
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

/** The entries that a container sees: the tree after the topmost layer, as {@link treeAfter} gives it. */
export function finalTree(ledger: Ledger): Uint32Array {
  return treeAfter(ledger, ledger.layers.length - 1);
}
