import { buildLedger } from './build.ts';
import { Changed, classify } from './change.ts';
import { differences, type Generation } from './compare.ts';
import { type FilePlace, Ledger } from './ledger.ts';

/**
 * Tells the changes that waited for contents to be hashed, once the layers have the hashes: the same
 * ledger as one that is built anew, for the price of those events. The one given stays as it was.
 */
export function settleContents(ledger: Ledger): Ledger {
  // A hard link that a later member of its tar replaced is followed only while building.
  if (ledger.superseded.some(({ changed }) => changed & Changed.unverified)) {
    return buildLedger(ledger.paths, ledger.layers);
  }
  const change = ledger.columns.change.slice();
  const changed = ledger.columns.changed.slice();
  for (let event = 0; event < changed.length; event++) {
    if (!(changed[event]! & Changed.unverified)) continue;
    const before = generationOf(ledger, ledger.placeOf(ledger.previousEvent(event)));
    const bits = differences(before, generationOf(ledger, ledger.placeOf(event)));
    changed[event] = bits;
    change[event] = classify(bits);
  }
  return new Ledger({
    ...ledger,
    columns: { ...ledger.columns, change, changed },
    unverified: ledger.unverified.filter(({ layer, entry }) => ledger.layers[layer]!.sha256(entry) === null),
  });
}

function generationOf({ layers }: Ledger, { layer, entry }: FilePlace): Generation {
  return { layer: layers[layer]!, entry };
}
