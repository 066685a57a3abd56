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

/** Files that checks read, in every generation. */
const WANTED = [
  '/etc/passwd',
  '/etc/group',
  '/etc/shadow',
  '/etc/os-release',
  '/usr/lib/os-release',
] as const;
type WantedFile = (typeof WANTED)[number];
/** Paths of files whose contents {@link readSubject} reads. */
export const READ_PATHS = new RegExp(
  [...WANTED.map((path) => `^${path}$`), ...IMPORTANT_PATHS.map(({ source }) => source)].join('|'),
);
const LARGEST = 4 << 20;
/** Files that are looked at before others get their turn: some milliseconds. */
const FILES_A_TURN = 5000;

/** An image as checks see it: nothing of it has to be read any more. */
export interface Subject {
  readonly stacked: StackedImage;
  readonly ledger: Ledger;
  readonly history: HistoryAlignment;
  readonly origins: readonly Origin[];
  /** What tells which image this one was built upon, the strongest sign first. */
  readonly base: readonly BaseEvidence[];
  readonly masker: Masker;
  readonly now: Date;
  /** Files of packages that a later layer changed. */
  readonly changed: readonly ChangedFile[];
  /** What package databases record of shipped files, by canonical path. */
  readonly shipped: ShippedRecords;
  /** Whether a package database with checksums was found. */
  readonly hasPackages: boolean;
  /** The package that a database of the same layer or below lists a path under; null where none does. */
  packageOf(event: number): ShippedRecord | null;
  /** As {@link packageOf}, for important files of the application: null also where the content is another. */
  shipsAs(event: number): ShippedRecord | null;
  /** The shell or interpreter that a privileged file is a copy of, by another name; null for others. */
  copyOfShell(event: number): string | null;
  /** Whether an event gave a packaged file another content. */
  isChanged(event: number): boolean;
  /** Whether a package database that this very layer wrote lists a path. */
  databaseLists(path: string, layer: number): boolean;
  /** Base or application, for an entry of the history. */
  originOfEntry(index: number): Origin;
  originOfEvent(event: number): Origin;
  /** Generations of one of the wanted files, from the bottom up; deleted ones too. */
  generations(path: WantedFile): readonly { readonly event: number; readonly text: string }[];
  /** What the final tree has there; null where it has none. */
  finalText(path: WantedFile): string | null;
  pathOf(event: number): string;
  /** Entries of regular files, of every layer: for the checks that look at all of them. */
  fileEvents(): Iterable<number>;
}

export interface SubjectSources {
  readonly stacked: StackedImage;
  readonly history: HistoryAlignment;
  readonly origins: readonly Origin[];
  readonly base: readonly BaseEvidence[];
  /** For the instructions that findings quote. */
  readonly masker: Masker;
}

/**
 * Reads what the checks need.
 * @throws Problem `cancelled` when the signal fires
 */
export async function readSubject(
  { base, history, masker, origins, stacked }: SubjectSources,
  now: Date,
  signal?: AbortSignal,
): Promise<Subject> {
  const { ledger } = stacked;
  const events = new Map<WantedFile, number[]>();
  for (const path of WANTED) {
    const id = ledger.paths.lookup(Buffer.from(path));
    events.set(path, id < 0 ? [] : ledger.line(id).filter((event) => !ledger.isDeletion(event)));
  }
  const textOf = memoizedPath(ledger);
  const important: number[] = [];
  const files = Uint32Array.from(filesOf(ledger));
  let looked = 0;
  for (const event of files) {
    // The paths are made into text here for the first time: keys and drawing get their turn in between.
    if (++looked % FILES_A_TURN === 0) {
      await new Promise(setImmediate);
      if (signal?.aborted === true) break;
    }
    if (origins[ledger.layerOf(event)] === 'application' && importantKind(textOf(event)) !== null) {
      important.push(event);
    }
  }
  const contents = await readFiles(stacked, [...[...events.values()].flat(), ...important], {
    largest: LARGEST,
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
  const generations = (path: WantedFile): { event: number; text: string }[] =>
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
 * Paths of events as text; seven checks ask for every one. Those of one folder share its text, which is made of
 * its bytes once.
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

/** Lines of a file of colon-separated fields (passwd(5), shadow(5), group(5)). */
export function records(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'));
}
