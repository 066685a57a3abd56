import { Change } from './change.ts';
import type { Ledger } from './ledger.ts';

/** The changes of a layer, counted over entries of every type. Paths written again unchanged do not count. */
export interface LayerCounts {
  /** Added, and added again after a deletion. */
  readonly added: number;
  /** Modified, changed in metadata, or replaced by another type. */
  readonly modified: number;
  readonly deleted: number;
}

/** Counts a layer's changes. */
export function layerCounts(ledger: Ledger, layer: number): LayerCounts {
  let added = 0;
  let modified = 0;
  let deleted = 0;
  const [start, end] = ledger.eventsOf(layer);
  for (let event = start; event < end; event++) {
    const change = ledger.change(event);
    if (change === Change.added || change === Change.readded) added++;
    else if (change === Change.deleted) deleted++;
    else if (change !== Change.unchanged) modified++;
  }
  return { added, modified, deleted };
}
