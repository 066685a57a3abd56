import { type Change, Changed, classify } from './change.ts';
import { differences, type Generation } from './compare.ts';
import type { Ledger } from './ledger.ts';

/**
 * Tells what became of a path between two of its events, hard links compared as the files that they name. Where
 * the contents were never compared with each other, the events between the two decide.
 * @param before an event that is not a deletion
 * @param after a later event of the same path, not a deletion
 */
export function changeBetween(ledger: Ledger, before: number, after: number): Change {
  let changed = differences(generationOf(ledger, before), generationOf(ledger, after));
  if (changed & Changed.unverified && keepContent(ledger, before, after)) changed &= ~Changed.content;
  return classify(changed);
}

/** Reports whether every event after one, up to another, is known to leave the content as it was. */
function keepContent(ledger: Ledger, before: number, after: number): boolean {
  for (let event = after; event > before; event = ledger.previousEvent(event)) {
    // After a deletion there is nothing to compare with, so the event says nothing of the content.
    if (ledger.isDeletion(event) || ledger.changed(event) & Changed.content) return false;
  }
  return true;
}

function generationOf(ledger: Ledger, event: number): Generation {
  const { layer, entry } = ledger.placeOf(event);
  return { layer: ledger.entriesOf(layer), entry };
}
