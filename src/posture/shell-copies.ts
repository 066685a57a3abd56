import { createHash } from 'node:crypto';
import { fileOf } from '../ledger/content.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readFiles } from '../ledger/read-files.ts';
import { setuidTimeline } from '../ledger/setuid.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { runsAnything } from './privileged-names.ts';

/** Minimum size of a shell in bytes: smaller files are scripts and placeholders. */
const MIN_SIZE = 4096;
const MAX_SIZE = 64 << 20;
/** Number of events checked, in a few milliseconds, before yielding to the event loop. */
const EVENTS_PER_TURN = 50_000;

/**
 * Finds privileged files that are a renamed copy of a shell or an interpreter, as in
 * `cp /bin/sh /srv/tool && chmod u+s /srv/tool`. Only files with the size of a shell in the image are read.
 * @param pathOf returns the path of an event as text
 * @returns the path of the shell, by the event that created the copy
 * @throws Problem `cancelled`
 */
export async function shellCopies(
  stacked: StackedImage,
  pathOf: (event: number) => string,
  signal: AbortSignal | undefined,
): Promise<Map<number, string>> {
  const { ledger } = stacked;
  const copies = new Map<number, string>();
  const privileged = setuidTimeline(ledger)
    .paths.flatMap(({ steps }) => steps.filter(({ privilege }) => privilege !== null))
    .map(({ event }) => event)
    .filter((event) => sizeOf(ledger, event) >= MIN_SIZE && !runsAnything(pathOf(event)));
  if (privileged.length === 0) return copies;
  const sizes = new Set(privileged.map((event) => sizeOf(ledger, event)));
  const shells: number[] = [];
  for (let event = 0; event < ledger.eventCount; event++) {
    if (event % EVENTS_PER_TURN === EVENTS_PER_TURN - 1) await new Promise(setImmediate);
    if (sizes.has(sizeOf(ledger, event)) && runsAnything(pathOf(event))) shells.push(event);
  }
  if (shells.length === 0) return copies;
  const options = { largest: MAX_SIZE, ...(signal === undefined ? {} : { signal }) };
  const contents = await readFiles(stacked, [...privileged, ...shells], options);
  const hashOf = (event: number): string | null => {
    const content = contents.get(event);
    return content === undefined ? null : createHash('sha256').update(content).digest('hex');
  };
  const byHash = new Map(shells.map((event) => [hashOf(event), pathOf(event)]));
  for (const event of privileged) {
    const hash = hashOf(event);
    const shell = hash === null ? undefined : byHash.get(hash);
    if (shell !== undefined) copies.set(event, shell);
  }
  return copies;
}

/** Returns the size in bytes of the file that an event creates; -1 if it creates none. */
function sizeOf(ledger: Ledger, event: number): number {
  const place = fileOf(ledger, event);
  return place === null ? -1 : ledger.entriesOf(place.layer).size(place.entry);
}
