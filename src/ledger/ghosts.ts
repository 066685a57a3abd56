import { EntryType } from '../tar/member.ts';
import { Changed } from './change.ts';
import type { Ledger } from './ledger.ts';

/** A generation of a file that the final tree does not show, and that the image still holds. */
export interface Ghost {
  readonly path: number;
  /** The event that put it there. */
  readonly event: number;
  readonly born: number;
  /** The layer that took it away, and the event that did. */
  readonly gone: number;
  readonly goneEvent: number;
  readonly kind: 'deleted' | 'shadowed';
  readonly size: number;
  /** The same content is in a newer generation: nothing is lost with this one. */
  readonly contentElsewhere: boolean;
}

export interface Ghosts {
  readonly ghosts: readonly Ghost[];
  /** Paths that some layer has and the final tree has not, and the bytes of their generations. */
  readonly deletedPaths: number;
  readonly deletedBytes: number;
  readonly shadowedGenerations: number;
  readonly shadowedBytes: number;
}

/** Every recoverable generation of a regular file, in the order of its birth; and totals over all types. */
export function findGhosts(ledger: Ledger): Ghosts {
  const ghosts: Ghost[] = [];
  let deletedPaths = 0;
  let deletedBytes = 0;
  let shadowedGenerations = 0;
  let shadowedBytes = 0;
  for (let path = 0; path < ledger.paths.count; path++) {
    const last = ledger.lastEvent(path);
    if (last < 0) continue;
    if (ledger.isDeletion(last)) deletedPaths++;
    let after = last;
    for (
      let event = ledger.previousEvent(last);
      event >= 0;
      after = event, event = ledger.previousEvent(event)
    ) {
      if (ledger.isDeletion(event)) continue;
      const layer = ledger.layerOf(event);
      const holder = ledger.layers[layer]!;
      const entry = ledger.entryOf(event);
      if (holder.type(entry) !== EntryType.file) continue;
      const size = holder.columns.size[entry]!;
      const kind = ledger.isDeletion(after) ? 'deleted' : 'shadowed';
      const sameContent = (ledger.changed(after) & (Changed.content | Changed.type)) === 0;
      ghosts.push({
        path,
        event,
        born: layer,
        gone: ledger.layerOf(after),
        goneEvent: after,
        kind,
        size,
        contentElsewhere: kind === 'shadowed' && sameContent,
      });
      if (ledger.isDeletion(last)) deletedBytes += size;
      else {
        shadowedGenerations++;
        shadowedBytes += size;
      }
    }
  }
  ghosts.sort((a, b) => a.event - b.event);
  return { ghosts, deletedPaths, deletedBytes, shadowedGenerations, shadowedBytes };
}
