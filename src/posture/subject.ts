import type { HistoryAlignment } from '../history/align.ts';
import type { BaseEvidence } from '../history/base.ts';
import { firstOwnEntry } from '../history/dockerfile.ts';
import type { Origin } from '../history/origin.ts';
import { readFiles } from '../ledger/read-files.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { type ChangedFile, changedFiles } from '../packages/changed-files.ts';
import { EntryType } from '../tar/member.ts';
import { decodeName } from '../text/escape.ts';

/** Files that checks read, in every generation. */
const WANTED = [
  '/etc/passwd',
  '/etc/group',
  '/etc/shadow',
  '/etc/os-release',
  '/usr/lib/os-release',
] as const;
export type WantedFile = (typeof WANTED)[number];
const LARGEST = 4 << 20;

/** An image as checks see it: nothing of it has to be read any more. */
export interface Subject {
  readonly stacked: StackedImage;
  readonly ledger: Ledger;
  readonly history: HistoryAlignment;
  readonly origins: readonly Origin[];
  readonly now: Date;
  /** Files of packages that a later layer changed. */
  readonly changed: readonly ChangedFile[];
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
}

/**
 * Reads what the checks need.
 * @throws Problem `cancelled` when the signal fires
 */
export async function readSubject(
  { base, history, origins, stacked }: SubjectSources,
  now: Date,
  signal?: AbortSignal,
): Promise<Subject> {
  const { image, ledger } = stacked;
  const events = new Map<WantedFile, number[]>();
  for (const path of WANTED) {
    const id = ledger.paths.lookup(Buffer.from(path));
    events.set(path, id < 0 ? [] : ledger.line(id).filter((event) => !ledger.isDeletion(event)));
  }
  const contents = await readFiles(image, ledger, [...events.values()].flat(), {
    largest: LARGEST,
    ...(signal === undefined ? {} : { signal }),
  });
  const own = firstOwnEntry(history, base);
  const generations = (path: WantedFile): { event: number; text: string }[] =>
    (events.get(path) ?? []).flatMap((event) => {
      const bytes = contents.get(event);
      return bytes === undefined ? [] : [{ event, text: Buffer.from(bytes).toString('utf8') }];
    });
  const texts: string[] = [];
  return {
    stacked,
    ledger,
    history,
    origins,
    now,
    changed: await changedFiles(stacked, signal),
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
    pathOf: (event) => {
      const id = ledger.pathOf(event);
      // Seven checks ask for every path.
      return (texts[id] ??= decodeName(ledger.paths.path(id)).text);
    },
    *fileEvents() {
      for (let event = 0; event < ledger.eventCount; event++) {
        if (ledger.isDeletion(event)) continue;
        const { entry, layer } = ledger.placeOf(event);
        if (ledger.layers[layer]!.type(entry) === EntryType.file) yield event;
      }
    },
  };
}

/** Lines of a file of colon-separated fields (passwd(5), shadow(5), group(5)). */
export function records(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'));
}
