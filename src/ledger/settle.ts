import { buildLedger } from './build.ts';
import { Changed, classify } from './change.ts';
import { differences, type Generation } from './compare.ts';
import { type FilePlace, Ledger } from './ledger.ts';

/** An event whose content has to be compared with that of the generation before it. */
interface UnsettledPair {
  readonly event: number;
  readonly before: FilePlace;
  readonly after: FilePlace;
}

/** Reports whether a ledger can be settled without building it anew. */
function canSettle(ledger: Ledger): boolean {
  // A hard link that a later member of its tar replaced is followed only while building.
  return !ledger.superseded.some(({ changed }) => changed & Changed.unverified);
}

/** The events that wait for their contents to be compared. */
function unsettledPairs(ledger: Ledger): UnsettledPair[] {
  const pairs: UnsettledPair[] = [];
  for (let event = 0; event < ledger.eventCount; event++) {
    if (!(ledger.changed(event) & Changed.unverified)) continue;
    const before = ledger.placeOf(ledger.previousEvent(event));
    pairs.push({ event, before, after: ledger.placeOf(event) });
  }
  return pairs;
}

/**
 * Compares, by the hashes that the layers have by now, the contents whose changes waited for them. Gives the same
 * ledger as building it anew, for the cost of those events alone. The ledger given stays as it was.
 */
export function settleContents(ledger: Ledger): Ledger {
  if (!canSettle(ledger)) return buildLedger(ledger.paths, ledger.layers);
  const change = ledger.columns.change.slice();
  const changed = ledger.columns.changed.slice();
  const waiting = new Map<number, FilePlace>();
  for (const { after, before, event } of unsettledPairs(ledger)) {
    const bits = differences(generationOf(ledger, before), generationOf(ledger, after));
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
      ({ layer, entry }) => ledger.entriesOf(layer).sha256(entry) === null,
    ),
  });
}

function generationOf(ledger: Ledger, { layer, entry }: FilePlace): Generation {
  return { layer: ledger.entriesOf(layer), entry };
}
