import { EntryType } from '../tar/member.ts';
import { Change } from './change.ts';
import type { Ledger } from './ledger.ts';

/**
 * Finds where a layer moved a file that it deletes: to a file that it adds with the same size, time and
 * mode, all of which rename(2) keeps. A name that stays the same decides between several.
 * @param deletion the event of the deletion
 * @returns the other path; null if the layer adds no such file
 */
export function movedTo(ledger: Ledger, deletion: number): number | null {
  const before = ledger.placeOf(ledger.entryEvent(ledger.previousEvent(deletion)));
  const from = ledger.entriesOf(before.layer);
  const layer = ledger.layerOf(deletion);
  const to = ledger.entriesOf(layer);
  const name = ledger.paths.name(ledger.pathOf(deletion));
  let found: number | null = null;
  const [start, end] = ledger.eventsOf(layer);
  for (let event = start; event < end; event++) {
    const change = ledger.change(event);
    if (change !== Change.added && change !== Change.readded) continue;
    const entry = ledger.entryOf(event);
    if (to.type(entry) !== EntryType.file) continue;
    if (to.size(entry) !== from.size(before.entry)) continue;
    if (to.mtime(entry) !== from.mtime(before.entry)) continue;
    if (to.mode(entry) !== from.mode(before.entry)) continue;
    const path = ledger.pathOf(event);
    if (Buffer.compare(ledger.paths.name(path), name) === 0) return path;
    found ??= path;
  }
  return found;
}
