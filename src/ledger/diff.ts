import { Change } from './change.ts';
import type { Ledger } from './ledger.ts';

/** What a layer did, counted. Paths written again unchanged do not count. */
export interface LayerCounts {
  /** Added, and added again after a deletion. */
  readonly added: number;
  /** Modified, changed in metadata, or replaced by another type. */
  readonly modified: number;
  readonly deleted: number;
}

/** Counts a layer's changes. */
export function layerCounts(ledger: Ledger, layer: number): LayerCounts {
  const [start, end] = ledger.eventsOf(layer);
  let added = 0;
  let modified = 0;
  let deleted = 0;
  for (let event = start; event < end; event++) {
    switch (ledger.change(event)) {
      case Change.added:
      case Change.readded:
        added++;
        break;
      case Change.modified:
      case Change.metadata:
      case Change.replaced:
        modified++;
        break;
      case Change.deleted:
        deleted++;
        break;
      case Change.unchanged:
        break;
    }
  }
  return { added, modified, deleted };
}
