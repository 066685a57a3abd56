import { buildLedger } from './build.ts';
import { Changed, classify } from './change.ts';
import { differences, type Generation } from './compare.ts';
import { type FilePlace, Ledger } from './ledger.ts';

/** An event whose content has to be compared with that of the generation before it. */
export interface UnsettledPair {
  readonly event: number;
  readonly before: FilePlace;
  readonly after: FilePlace;
}

/** True where a ledger can be settled without building it anew. */
export function canSettle(ledger: Ledger): boolean {
  // A hard link that a later member of its tar replaced is followed only while building.
  return !ledger.superseded.some(({ changed }) => changed & Changed.unverified);
}

/** The events that wait for their contents to be compared. */
export function unsettledPairs(ledger: Ledger): UnsettledPair[] {
  const { changed } = ledger.columns;
  const pairs: UnsettledPair[] = [];
  for (let event = 0; event < changed.length; event++) {
    if (!(changed[event]! & Changed.unverified)) continue;
    const before = ledger.placeOf(ledger.previousEvent(event));
    pairs.push({ event, before, after: ledger.placeOf(event) });
  }
  return pairs;
}

/**
 * Tells the changes that waited for contents to be compared: the same ledger as one that is built anew, for the
 * price of those events. The one given stays as it was.
 * @param same by event, whether its content is that of the generation before; where it says nothing, the hashes
 * tell that the layers have by now
 */
export function settleContents(ledger: Ledger, same: ReadonlyMap<number, boolean> = new Map()): Ledger {
  if (!canSettle(ledger)) return buildLedger(ledger.paths, ledger.layers);
  const change = ledger.columns.change.slice();
  const changed = ledger.columns.changed.slice();
  const waiting = new Map<number, FilePlace>();
  for (const { after, before, event } of unsettledPairs(ledger)) {
    const told = same.get(event);
    let bits = changed[event]!;
    if (told === undefined) bits = differences(generationOf(ledger, before), generationOf(ledger, after));
    else bits = told ? bits & ~(Changed.content | Changed.unverified) : bits & ~Changed.unverified;
    changed[event] = bits;
    change[event] = classify(bits);
    if (bits & Changed.unverified) {
      for (const place of [before, after]) waiting.set(place.layer * 2 ** 32 + place.entry, place);
    }
  }
  return new Ledger({
    ...ledger,
    columns: { ...ledger.columns, change, changed },
    unverified: [...waiting.values()].filter(
      ({ layer, entry }) => ledger.layers[layer]!.sha256(entry) === null,
    ),
  });
}

function generationOf({ layers }: Ledger, { layer, entry }: FilePlace): Generation {
  return { layer: layers[layer]!, entry };
}
