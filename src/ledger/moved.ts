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
  const from = ledger.layers[before.layer]!;
  const layer = ledger.layerOf(deletion);
  const to = ledger.layers[layer]!;
  const name = ledger.paths.name(ledger.pathOf(deletion));
  let found: number | null = null;
  const [start, end] = ledger.eventsOf(layer);
  for (let event = start; event < end; event++) {
    const change = ledger.change(event);
    if (change !== Change.added && change !== Change.readded) continue;
    const entry = ledger.entryOf(event);
    if (to.type(entry) !== EntryType.file) continue;
    if (to.columns.size[entry] !== from.columns.size[before.entry]) continue;
    if (to.columns.mtime[entry] !== from.columns.mtime[before.entry]) continue;
    if (to.columns.mode[entry] !== from.columns.mode[before.entry]) continue;
    const path = ledger.pathOf(event);
    if (Buffer.compare(ledger.paths.name(path), name) === 0) return path;
    found ??= path;
  }
  return found;
}
