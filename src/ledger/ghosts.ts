import { EntryType } from '../tar/member.ts';
import { Change } from './change.ts';
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
  const ghosts = [...generationGhosts(ledger), ...duplicateGhosts(ledger)];
  ghosts.sort((a, b) => a.born - b.born || a.entry - b.entry);
  return { ghosts, ...countGhosts(ledger) };
}

/** The same counted only: of a large image the list takes more memory than all else. */
export function countGhosts(ledger: Ledger): GhostTotals {
  const totals = { deletedBytes: 0, shadowedGenerations: 0, shadowedBytes: 0, lostContents: 0, lostBytes: 0 };
  const count = (path: number, size: number, contentElsewhere: boolean): void => {
    if (stateOf(ledger, path) === 'deleted') totals.deletedBytes += size;
    else {
      totals.shadowedGenerations++;
      totals.shadowedBytes += size;
    }
    if (contentElsewhere) return;
    totals.lostContents++;
    totals.lostBytes += size;
  };
  const linked = liveThroughHardlinks(ledger);
  eachEnded(ledger, (path, event, end) => {
    const born = ledger.layerOf(event);
    const entry = ledger.entryOf(event);
    const elsewhere = keepsContent(ledger, end) || linked.has(born, entry);
    count(path, ledger.layers[born]!.columns.size[entry]!, elsewhere);
  });
  for (const { path, layer, entry } of ledger.superseded) {
    const { size, type } = ledger.layers[layer]!.columns;
    if (type[entry] === EntryType.file) count(path, size[entry]!, linked.has(layer, entry));
  }
  return { deletedPaths: countDeletedPaths(ledger), ...totals };
}

function stateOf(ledger: Ledger, path: number): Ghost['state'] {
  return ledger.isDeletion(ledger.lastEvent(path)) ? 'deleted' : 'shadowed';
}

function countDeletedPaths(ledger: Ledger): number {
  const { change } = ledger.columns;
  let count = 0;
  for (
    let event = change.indexOf(Change.deleted);
    event >= 0;
    event = change.indexOf(Change.deleted, event + 1)
  ) {
    if (ledger.lastEvent(ledger.pathOf(event)) === event) count++;
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

/**
 * Calls for every generation of a regular file that has a newer event on its path.
 * @param visit given its path, its event, and the one that ended it
 */
function eachEnded(ledger: Ledger, visit: (path: number, event: number, end: number) => void): void {
  // Nearly every path has one event: the columns tell so at once.
  const { last, previous } = ledger.columns;
  for (let path = 0; path < last.length; path++) {
    let end = last[path]! - 1;
    if (end < 0 || previous[end] === 0) continue;
    for (let event = previous[end]! - 1; event >= 0; event = previous[event]! - 1) {
      if (hasOwnBytes(ledger, event)) visit(path, event, end);
      end = event;
    }
  }
}

function generationGhosts(ledger: Ledger): Ghost[] {
  const linked = liveThroughHardlinks(ledger);
  const ghosts: Ghost[] = [];
  eachEnded(ledger, (path, event, end) => {
    const born = ledger.layerOf(event);
    const entry = ledger.entryOf(event);
    const { how, layer, via } = fateBy(ledger, end);
    ghosts.push({
      path,
      born,
      entry,
      event,
      gone: layer,
      goneEvent: end,
      how,
      via,
      state: stateOf(ledger, path),
      size: ledger.layers[born]!.columns.size[entry]!,
      contentElsewhere: keepsContent(ledger, end) || linked.has(born, entry),
    });
  });
  return ghosts;
}

function duplicateGhosts(ledger: Ledger): Ghost[] {
  const linked = liveThroughHardlinks(ledger);
  const ghosts: Ghost[] = [];
  for (const { layer, entry, path } of ledger.superseded) {
    const holder = ledger.layers[layer]!;
    if (holder.type(entry) !== EntryType.file) continue;
    ghosts.push({
      path,
      born: layer,
      entry,
      event: null,
      gone: layer,
      goneEvent: null,
      how: 'duplicate',
      via: path,
      state: stateOf(ledger, path),
      size: holder.columns.size[entry]!,
      contentElsewhere: linked.has(layer, entry),
    });
  }
  return ghosts;
}
