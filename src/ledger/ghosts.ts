import { EntryType } from '../tar/member.ts';
import { hasOwnBytes, keepsContent, liveThroughHardlinks } from './content.ts';
import { type Ending, fateBy } from './fate.ts';
import type { Ledger } from './ledger.ts';

/** A regular file's generation that the final tree does not show, and that the image still holds. */
export interface Ghost {
  readonly path: number;
  /** Layer and entry that hold its bytes. */
  readonly born: number;
  readonly entry: number;
  /** The event that put it there; null for a member that a later one of the same tar superseded. */
  readonly event: number | null;
  /** The layer that took it away, and the event that did; null for a superseded member. */
  readonly gone: number;
  readonly goneEvent: number | null;
  readonly how: Ending | 'duplicate';
  /** The path that the whiteout, the opaque folder or the replacement names. */
  readonly via: number;
  /** As {@link Ledger.state} says it: `deleted` where the path is gone, `shadowed` where it has a newer generation. */
  readonly state: 'deleted' | 'shadowed';
  /** Bytes once unpacked. */
  readonly size: number;
  /** A newer generation of the path, or a live hard link, has the same content: none is lost with this one. */
  readonly contentElsewhere: boolean;
}

/** How many ghosts there are, and how large they are. */
export interface GhostTotals {
  /** Paths, of every type, that some layer has and the final tree has not. */
  readonly deletedPaths: number;
  /** Bytes of all generations of those paths. */
  readonly deletedBytes: number;
  /** Generations under a newer one of a path that is live. */
  readonly shadowedGenerations: number;
  readonly shadowedBytes: number;
  /** Of all of them: contents that are nowhere else ({@link Ghost.contentElsewhere} is false). */
  readonly lostContents: number;
  readonly lostBytes: number;
}

export interface Ghosts extends GhostTotals {
  /** In the order of their birth. */
  readonly ghosts: readonly Ghost[];
}

/** Every generation of a regular file that can be recovered though no container sees it. */
export function findGhosts(ledger: Ledger): Ghosts {
  const ghosts = [...allGhosts(ledger)].toSorted((a, b) => a.born - b.born || a.entry - b.entry);
  return { ghosts, ...totalsOf(ledger, ghosts) };
}

/** The same counted only: of a large image the list takes more memory than all else. */
export function countGhosts(ledger: Ledger): GhostTotals {
  return totalsOf(ledger, allGhosts(ledger));
}

function* allGhosts(ledger: Ledger): Generator<Ghost, void> {
  yield* generationGhosts(ledger);
  yield* duplicateGhosts(ledger);
}

function totalsOf(ledger: Ledger, ghosts: Iterable<Ghost>): GhostTotals {
  const totals = { deletedBytes: 0, shadowedGenerations: 0, shadowedBytes: 0, lostContents: 0, lostBytes: 0 };
  for (const { state, size, contentElsewhere } of ghosts) {
    if (state === 'deleted') totals.deletedBytes += size;
    else {
      totals.shadowedGenerations++;
      totals.shadowedBytes += size;
    }
    if (contentElsewhere) continue;
    totals.lostContents++;
    totals.lostBytes += size;
  }
  return { deletedPaths: countDeletedPaths(ledger), ...totals };
}

function countDeletedPaths(ledger: Ledger): number {
  let count = 0;
  for (let event = 0; event < ledger.eventCount; event++) {
    if (ledger.isDeletion(event) && ledger.lastEvent(ledger.pathOf(event)) === event) count++;
  }
  return count;
}

/**
 * Every path, of whatever type, that some layer has and the final tree has not, in the order in
 * which they were deleted.
 */
export function deletedPaths(ledger: Ledger): number[] {
  const paths: number[] = [];
  for (let event = 0; event < ledger.eventCount; event++) {
    const path = ledger.pathOf(event);
    if (ledger.isDeletion(event) && ledger.lastEvent(path) === event) paths.push(path);
  }
  return paths;
}

function* generationGhosts(ledger: Ledger): Generator<Ghost, void> {
  const linked = liveThroughHardlinks(ledger);
  for (let path = 0; path < ledger.paths.count; path++) {
    let after = ledger.lastEvent(path);
    if (after < 0) continue;
    const state = ledger.isDeletion(after) ? 'deleted' : 'shadowed';
    for (let event = ledger.previousEvent(after); event >= 0; event = ledger.previousEvent(event)) {
      const end = after;
      after = event;
      if (!hasOwnBytes(ledger, event)) continue;
      const born = ledger.layerOf(event);
      const entry = ledger.entryOf(event);
      const { how, layer, via } = fateBy(ledger, end);
      yield {
        path,
        born,
        entry,
        event,
        gone: layer,
        goneEvent: end,
        how,
        via,
        state,
        size: ledger.layers[born]!.columns.size[entry]!,
        contentElsewhere: keepsContent(ledger, end) || linked.has(born, entry),
      };
    }
  }
}

function* duplicateGhosts(ledger: Ledger): Generator<Ghost, void> {
  const linked = liveThroughHardlinks(ledger);
  for (const { layer, entry, path } of ledger.superseded) {
    const holder = ledger.layers[layer]!;
    if (holder.type(entry) !== EntryType.file) continue;
    const last = ledger.lastEvent(path);
    yield {
      path,
      born: layer,
      entry,
      event: null,
      gone: layer,
      goneEvent: null,
      how: 'duplicate',
      via: path,
      state: ledger.isDeletion(last) ? 'deleted' : 'shadowed',
      size: holder.columns.size[entry]!,
      contentElsewhere: linked.has(layer, entry),
    };
  }
}
