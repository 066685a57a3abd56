import { EntryType } from '../tar/member.ts';
import { Change } from './change.ts';
import { hasOwnBytes, isFileLink, keepsContent } from './content.ts';
import { type Ending, fateBy } from './fate.ts';
import type { FilePlace, Ledger } from './ledger.ts';
import { type LinkGroups, linkGroups } from './link-groups.ts';

const NO_NAMES: readonly number[] = [];

/**
 * A generation of a regular file, at one of its names, that the final tree does not show there, and that the image
 * still holds.
 */
export interface Ghost {
  readonly path: number;
  /** Layer and entry that gave it this name; unless it is a link, they hold its bytes. */
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
  /** Bytes once unpacked; 0 for a hard link, whose bytes are counted with the name that the file was stored under. */
  readonly size: number;
  readonly isLink: boolean;
  /** The events of the names that the final tree has of the same file, by hard links. */
  readonly liveAs: readonly number[];
  /** A newer generation of the path has the same content. */
  readonly repeated: boolean;
  /** No content is lost with this one: it is repeated, live under another name, or counted with another name. */
  readonly contentElsewhere: boolean;
}

/** How many ghosts there are, and how large they are. */
export interface GhostTotals {
  /** Paths, of every type, that some layer has and the final tree has not. */
  readonly deletedPaths: number;
  /** Bytes of all generations of those paths; none of a file that is live under another name. */
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

/** Finds every generation of a regular file that the final tree does not show; its hard links are {@link linkGhosts}. */
export function findGhosts(ledger: Ledger): Ghosts {
  const ghosts = [...generationGhosts(ledger, hasOwnBytes), ...duplicateGhosts(ledger)];
  ghosts.sort((a, b) => a.born - b.born || a.entry - b.entry);
  return { ghosts, ...countGhosts(ledger) };
}

/** Finds the hard links to regular files that the final tree does not show, in no particular order. */
export function linkGhosts(ledger: Ledger): Ghost[] {
  return ledger.hardlinks.size === 0 ? [] : generationGhosts(ledger, isFileLink);
}

/** The same as {@link findGhosts}, counted only: of a large image the list takes more memory than all else. */
export function countGhosts(ledger: Ledger): GhostTotals {
  const totals = { deletedBytes: 0, shadowedGenerations: 0, shadowedBytes: 0, lostContents: 0, lostBytes: 0 };
  const count = (path: number, size: number, isLive: boolean, repeated: boolean): void => {
    const bytes = isLive ? 0 : size;
    if (ledger.endedState(path) === 'deleted') totals.deletedBytes += bytes;
    else {
      totals.shadowedGenerations++;
      totals.shadowedBytes += bytes;
    }
    if (isLive || repeated) return;
    totals.lostContents++;
    totals.lostBytes += size;
  };
  const links = linkGroups(ledger);
  eachEnded(ledger, hasOwnBytes, (path, event, end) => {
    const born = ledger.layerOf(event);
    const entry = ledger.entryOf(event);
    const isLive = liveNames(links, { layer: born, entry }).length > 0;
    count(path, ledger.entriesOf(born).size(entry), isLive, keepsContent(ledger, end));
  });
  for (const { path, layer, entry } of ledger.superseded) {
    const holder = ledger.entriesOf(layer);
    if (holder.type(entry) !== EntryType.file) continue;
    count(path, holder.size(entry), liveNames(links, { layer, entry }).length > 0, false);
  }
  return { deletedPaths: countDeletedPaths(ledger), ...totals };
}

/** The names that the final tree has of the file that an entry stores, if it has hard links; as events. */
function liveNames(links: LinkGroups, place: FilePlace): readonly number[] {
  return links.at(place)?.live ?? NO_NAMES;
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
 * Visits every generation that is wanted and that has a newer event on its path.
 * @param visit given its path, its event, and the one that ended it
 */
function eachEnded(
  ledger: Ledger,
  isWanted: (ledger: Ledger, event: number) => boolean,
  visit: (path: number, event: number, end: number) => void,
): void {
  // Nearly every path has one event: the columns tell so at once.
  const { last, previous } = ledger.columns;
  for (let path = 0; path < last.length; path++) {
    let end = last[path]! - 1;
    if (end < 0 || previous[end] === 0) continue;
    for (let event = previous[end]! - 1; event >= 0; event = previous[event]! - 1) {
      if (isWanted(ledger, event)) visit(path, event, end);
      end = event;
    }
  }
}

function generationGhosts(ledger: Ledger, isWanted: (ledger: Ledger, event: number) => boolean): Ghost[] {
  const links = linkGroups(ledger);
  const ghosts: Ghost[] = [];
  eachEnded(ledger, isWanted, (path, event, end) => {
    const born = ledger.layerOf(event);
    const entry = ledger.entryOf(event);
    const isLink = isFileLink(ledger, event);
    const liveAs = liveNames(links, ledger.placeOf(event));
    const repeated = keepsContent(ledger, end);
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
      state: ledger.endedState(path),
      size: isLink ? 0 : ledger.entriesOf(born).size(entry),
      isLink,
      liveAs,
      repeated,
      contentElsewhere: repeated || isLink || liveAs.length > 0,
    });
  });
  return ghosts;
}

function duplicateGhosts(ledger: Ledger): Ghost[] {
  const links = linkGroups(ledger);
  const ghosts: Ghost[] = [];
  for (const { layer, entry, path } of ledger.superseded) {
    const holder = ledger.entriesOf(layer);
    if (holder.type(entry) !== EntryType.file) continue;
    const liveAs = liveNames(links, { layer, entry });
    ghosts.push({
      path,
      born: layer,
      entry,
      event: null,
      gone: layer,
      goneEvent: null,
      how: 'duplicate',
      via: path,
      state: ledger.endedState(path),
      size: holder.size(entry),
      isLink: false,
      liveAs,
      repeated: false,
      contentElsewhere: liveAs.length > 0,
    });
  }
  return ghosts;
}
