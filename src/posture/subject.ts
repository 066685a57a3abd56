import { createHash } from 'node:crypto';
import type { HistoryAlignment } from '../history/align.ts';
import type { BaseEvidence } from '../history/base.ts';
import { firstOwnEntry } from '../history/dockerfile.ts';
import type { Origin } from '../history/origin.ts';
import { ROOT } from '../layer/path-table.ts';
import { readFiles } from '../ledger/read-files.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { type ChangedFile, changedFiles } from '../packages/changed-files.ts';
import {
  canonical,
  type ShippedRecord,
  shippedRecords,
  type ShippedRecords,
} from '../packages/shipped-records.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import { EntryType } from '../tar/member.ts';
import { decodeName } from '../text/escape.ts';
import { IMPORTANT_PATHS, importantKind } from './important-files.ts';
import { shellCopies } from './shell-copies.ts';

/** Files that checks read, in all generations. */
const CHECKED_FILES = [
  '/etc/passwd',
  '/etc/group',
  '/etc/shadow',
  '/etc/os-release',
  '/usr/lib/os-release',
] as const;
type CheckedFile = (typeof CHECKED_FILES)[number];
/** Matches the paths of files whose contents {@link readSubject} reads. */
export const READ_PATHS = new RegExp(
  [...CHECKED_FILES.map((path) => `^${path}$`), ...IMPORTANT_PATHS.map(({ source }) => source)].join('|'),
);
const MAX_SIZE = 4 << 20;
/** Number of files examined, in a few milliseconds, before yielding to the event loop. */
const FILES_PER_TURN = 5000;

/** An image prepared for the checks, which need no further reads. */
export interface Subject {
  readonly stacked: StackedImage;
  readonly ledger: Ledger;
  readonly history: HistoryAlignment;
  readonly origins: readonly Origin[];
  /** Evidence of the base image, the most reliable first. */
  readonly base: readonly BaseEvidence[];
  readonly masker: Masker;
  readonly now: Date;
  /** Packaged files that a later layer changed. */
  readonly changed: readonly ChangedFile[];
  /** Checksum records of packaged files, by canonical path. */
  readonly shipped: ShippedRecords;
  /** Whether a package database with checksums was found. */
  readonly hasPackages: boolean;
  /** Returns the package that lists the path of an event, in a database of the same layer or below; null if none does. */
  packageOf(event: number): ShippedRecord | null;
  /** Like {@link packageOf}, but for important files of the application only, and null if the content differs. */
  shipsAs(event: number): ShippedRecord | null;
  /** Returns the path of the shell or interpreter that a privileged file is a copy of; null if it is not a copy. */
  copyOfShell(event: number): string | null;
  /** Reports whether an event changed the content of a packaged file. */
  isChanged(event: number): boolean;
  /** Reports whether a package database written by this layer lists a path. */
  databaseLists(path: string, layer: number): boolean;
  /** Returns the origin of a history entry. */
  originOfEntry(index: number): Origin;
  /** Returns the origin of a ledger event. */
  originOfEvent(event: number): Origin;
  /** Returns all generations of a file, from the bottom up, including deleted ones. */
  generations(path: CheckedFile): readonly { readonly event: number; readonly text: string }[];
  /** Returns the content of a file in the final tree; null if it does not exist there. */
  finalText(path: CheckedFile): string | null;
  /** Returns the path of an event as text. */
  pathOf(event: number): string;
  /** Returns the events of regular files in all layers. */
  fileEvents(): Iterable<number>;
}

export interface SubjectSources {
  readonly stacked: StackedImage;
  readonly history: HistoryAlignment;
  readonly origins: readonly Origin[];
  readonly base: readonly BaseEvidence[];
  /** Masks secrets in the instructions that findings quote. */
  readonly masker: Masker;
}

/**
 * Reads everything that the checks need.
 * @throws Problem `cancelled` when the signal fires
 */
export async function readSubject(
  { base, history, masker, origins, stacked }: SubjectSources,
  now: Date,
  signal?: AbortSignal,
): Promise<Subject> {
  const { ledger } = stacked;
  const events = new Map<CheckedFile, number[]>();
  for (const path of CHECKED_FILES) {
    const id = ledger.paths.lookup(Buffer.from(path));
    events.set(path, id < 0 ? [] : ledger.line(id).filter((event) => !ledger.isDeletion(event)));
  }
  const textOf = memoizedPath(ledger);
  const important: number[] = [];
  const files = Uint32Array.from(filesOf(ledger));
  let examined = 0;
  for (const event of files) {
    // Decoding every path is slow: yield to the event loop every FILES_PER_TURN files.
    if (++examined % FILES_PER_TURN === 0) {
      await new Promise(setImmediate);
      if (signal?.aborted === true) break;
    }
    if (origins[ledger.layerOf(event)] === 'application' && importantKind(textOf(event)) !== null) {
      important.push(event);
    }
  }
  const contents = await readFiles(stacked, [...[...events.values()].flat(), ...important], {
    largest: MAX_SIZE,
    ...(signal === undefined ? {} : { signal }),
  });
  const shipped = await shippedRecords(stacked, null, signal);
  const changed = await changedFiles(stacked, signal, shipped);
  const changedAt = new Set(
    changed.map(({ layer, path }) => ledger.eventAt(ledger.paths.lookup(Buffer.from(path)), layer)),
  );
  const listed = (event: number): ShippedRecord[] => {
    const layer = ledger.layerOf(event);
    return (shipped.get(canonical(textOf(event))) ?? []).filter((record) => record.layer <= layer);
  };
  const copies = await shellCopies(stacked, textOf, signal);
  const own = firstOwnEntry(history, base);
  const generations = (path: CheckedFile): { event: number; text: string }[] =>
    (events.get(path) ?? []).flatMap((event) => {
      const bytes = contents.get(event);
      return bytes === undefined ? [] : [{ event, text: Buffer.from(bytes).toString('utf8') }];
    });
  return {
    stacked,
    ledger,
    history,
    origins,
    base,
    masker,
    now,
    changed,
    shipped,
    copyOfShell: (event) => copies.get(event) ?? null,
    isChanged: (event) => changedAt.has(event),
    hasPackages: shipped.size > 0,
    packageOf: (event) => listed(event).at(-1) ?? null,
    shipsAs: (event) => {
      const content = contents.get(event);
      if (content === undefined) return null;
      const same = ({ algorithm, hash }: ShippedRecord): boolean =>
        createHash(algorithm).update(content).digest('hex') === hash;
      return listed(event).findLast(same) ?? null;
    },
    databaseLists: (path, layer) =>
      (shipped.get(canonical(path)) ?? []).some((record) => record.layer === layer),
    originOfEntry: (index) => {
      const { layer } = history.entries[index]!;
      if (layer !== null) return origins[layer] ?? 'unknown';
      if (own > 0) return index < own ? 'base' : 'application';
      return origins.includes('base') ? 'application' : 'unknown';
    },
    originOfEvent: (event) => origins[ledger.layerOf(event)] ?? 'unknown',
    generations,
    finalText: (path) => {
      const last = generations(path).at(-1);
      return last !== undefined && ledger.state(last.event) === 'live' ? last.text : null;
    },
    pathOf: textOf,
    fileEvents: () => files,
  };
}

/**
 * Returns a function that decodes and caches the path of an event; several checks need every path. The
 * path of a directory is decoded once for all its files.
 */
function memoizedPath(ledger: Ledger): (event: number) => string {
  const { paths } = ledger;
  const texts: string[] = [];
  const wholeOf = (id: number): string => (texts[id] ??= decodeName(paths.path(id)).text);
  return (event) => {
    const id = ledger.pathOf(event);
    const parent = paths.parent(id);
    if (id === ROOT || parent === ROOT) return wholeOf(id);
    return (texts[id] ??= `${wholeOf(parent)}/${decodeName(paths.name(id)).text}`);
  };
}

function* filesOf(ledger: Ledger): Generator<number> {
  for (let event = 0; event < ledger.eventCount; event++) {
    if (ledger.isDeletion(event)) continue;
    const { entry, layer } = ledger.placeOf(event);
    if (ledger.entriesOf(layer).type(entry) === EntryType.file) yield event;
  }
}

/** Parses a file of colon-separated fields into lines (passwd(5), shadow(5), group(5)). */
export function records(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'));
}
