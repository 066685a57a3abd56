import { createHash } from 'node:crypto';
import { fileOf } from '../ledger/content.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readFiles } from '../ledger/read-files.ts';
import { setuidTimeline } from '../ledger/setuid.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { runsAnything } from './privileged-names.ts';

/** Smaller files are no shell: scripts, and what tests and placeholders hold. In bytes. */
const SMALLEST = 4096;
const LARGEST = 64 << 20;
/** Events that are looked at before others get their turn: some milliseconds. */
const EVENTS_A_TURN = 50_000;

/**
 * Privileged files that are a shell or an interpreter by another name: `cp /bin/sh /srv/tool && chmod u+s`.
 * Only files as long as a shell of the image are read.
 * @param pathOf the path of an event as text
 * @returns the path of that shell, by the event that put the copy there
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
    .filter((event) => sizeOf(ledger, event) >= SMALLEST && !runsAnything(pathOf(event)));
  if (privileged.length === 0) return copies;
  const sizes = new Set(privileged.map((event) => sizeOf(ledger, event)));
  const shells: number[] = [];
  for (let event = 0; event < ledger.eventCount; event++) {
    if (event % EVENTS_A_TURN === EVENTS_A_TURN - 1) await new Promise(setImmediate);
    if (sizes.has(sizeOf(ledger, event)) && runsAnything(pathOf(event))) shells.push(event);
  }
  if (shells.length === 0) return copies;
  const options = { largest: LARGEST, ...(signal === undefined ? {} : { signal }) };
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

/** Bytes of the file that an event puts at its path; -1 where it puts none. */
function sizeOf(ledger: Ledger, event: number): number {
  const place = fileOf(ledger, event);
  return place === null ? -1 : ledger.entriesOf(place.layer).size(place.entry);
}
