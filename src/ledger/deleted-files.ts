import { EntryType } from '../tar/member.ts';
import { Change } from './change.ts';
import { hasOwnBytes, isFileLink, keepsContent } from './content.ts';
import { type GenerationEnd, fateBy } from './fate.ts';
import type { FilePlace, Ledger } from './ledger.ts';
import { type LinkGroups, linkGroups } from './link-groups.ts';

const NO_NAMES: readonly number[] = [];

/**
 * A deleted file: a generation of a regular file, under one of its names, that the final tree does not show there
 * but the image still contains.
 */
export interface DeletedFile {
  readonly path: number;
  /** Layer and entry that gave it this name. If the entry is not a hard link, it holds the bytes. */
  readonly born: number;
  readonly entry: number;
  /** The event that added it; null for a member that a later one of the same tar superseded. */
  readonly event: number | null;
  /** The layer that removed it, and the event that did; null for a superseded member. */
  readonly gone: number;
  readonly goneEvent: number | null;
  readonly how: GenerationEnd | 'duplicate';
  /** The path that the whiteout, the opaque directory or the replacement names. */
  readonly via: number;
  /** See {@link Ledger.state}: `deleted` if the path is deleted, `shadowed` if it has a newer generation. */
  readonly state: 'deleted' | 'shadowed';
  /** Unpacked size in bytes; 0 for a hard link, whose bytes count for the name that the file was stored under. */
  readonly size: number;
  readonly isLink: boolean;
  /** The events of the names that the final tree has for the same file, by hard links. */
  readonly liveAs: readonly number[];
  /** Whether a newer generation of the path has the same content. */
  readonly repeated: boolean;
  /**
   * Whether its content also exists elsewhere: it is repeated, live under another name, or counted for
   * another name.
   */
  readonly contentElsewhere: boolean;
}

/** The number and size of deleted files. */
export interface DeletedTotals {
  /** Paths, of every type, that some layer has and the final tree does not. */
  readonly deletedPaths: number;
  /** Bytes of all generations of those paths, without files that are live under another name. */
  readonly deletedBytes: number;
  /** Generations below a newer, live one of the same path. */
  readonly shadowedGenerations: number;
  readonly shadowedBytes: number;
  /** The contents, among all of these, that exist nowhere else ({@link DeletedFile.contentElsewhere} is false). */
  readonly lostContents: number;
  readonly lostBytes: number;
}

export interface Deleted extends DeletedTotals {
  /** In the order in which they were added. */
  readonly deletedFiles: readonly DeletedFile[];
}

/**
 * Finds every generation of a regular file that the final tree does not show. See {@link deletedLinkNames} for its
 * hard links.
 */
export function findDeletedFiles(ledger: Ledger): Deleted {
  const deletedFiles = [...deletedGenerations(ledger, hasOwnBytes), ...deletedDuplicates(ledger)];
  deletedFiles.sort((a, b) => a.born - b.born || a.entry - b.entry);
  return { deletedFiles, ...countDeletedFiles(ledger) };
}

/** Finds the hard links to regular files that the final tree does not show, in no particular order. */
export function deletedLinkNames(ledger: Ledger): DeletedFile[] {
  return ledger.hardlinks.size === 0 ? [] : deletedGenerations(ledger, isFileLink);
}

/** Counts what {@link findDeletedFiles} lists. For a large image, the list would take more memory than everything else. */
export function countDeletedFiles(ledger: Ledger): DeletedTotals {
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

/** Returns the names that the final tree has for the file that an entry stores, if it has hard links, as events. */
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
 * Returns every path, of whatever type, that some layer has and the final tree does not, in the order of deletion.
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
 * Visits every wanted generation that has a newer event on its path.
 * @param visit receives the path, the event, and the event that ended the generation
 */
function eachEnded(
  ledger: Ledger,
  isWanted: (ledger: Ledger, event: number) => boolean,
  visit: (path: number, event: number, end: number) => void,
): void {
  // Nearly every path has only one event, which the columns show without further work.
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

function deletedGenerations(
  ledger: Ledger,
  isWanted: (ledger: Ledger, event: number) => boolean,
): DeletedFile[] {
  const links = linkGroups(ledger);
  const deletedFiles: DeletedFile[] = [];
  eachEnded(ledger, isWanted, (path, event, end) => {
    const born = ledger.layerOf(event);
    const entry = ledger.entryOf(event);
    const isLink = isFileLink(ledger, event);
    const liveAs = liveNames(links, ledger.placeOf(event));
    const repeated = keepsContent(ledger, end);
    const { how, layer, via } = fateBy(ledger, end);
    deletedFiles.push({
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
  return deletedFiles;
}

function deletedDuplicates(ledger: Ledger): DeletedFile[] {
  const links = linkGroups(ledger);
  const deletedFiles: DeletedFile[] = [];
  for (const { layer, entry, path } of ledger.superseded) {
    const holder = ledger.entriesOf(layer);
    if (holder.type(entry) !== EntryType.file) continue;
    const liveAs = liveNames(links, { layer, entry });
    deletedFiles.push({
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
  return deletedFiles;
}
