import { type EntryPlace, hashEntries } from '../layer/hash-entries.ts';
import type { FilePlace } from '../ledger/ledger.ts';
import {
  type PathDifference,
  type SharedLayer,
  sharedLayers,
  treeDifferences,
  type UnverifiedPair,
} from '../retest/compare.ts';
import { type RecoverableDifference, recoverableDifferences } from '../retest/compare-deleted.ts';
import type { Session } from './session.ts';
import { signalOf } from './session-options.ts';

/** The differences between the files of two images. */
export interface FileDifferences {
  readonly sharedLayers: readonly SharedLayer[];
  /** Differences between the final trees. */
  readonly paths: readonly PathDifference[];
  /** Differences among deleted files and overwritten generations. */
  readonly recoverable: RecoverableDifference;
}

/**
 * Compares the files of two images. Reads and hashes contents of equal size that have no hash yet.
 * @throws Problem `cancelled`
 */
export async function compareFiles(a: Session, b: Session): Promise<FileDifferences> {
  const shared = sharedLayers(a.stacked, b.stacked);
  const compare = (pairs?: UnverifiedPair[]): FileDifferences => ({
    sharedLayers: shared,
    paths: treeDifferences(a.stacked.ledger, b.stacked.ledger, shared, pairs),
    recoverable: recoverableDifferences(a.stacked.ledger, b.stacked.ledger, shared, pairs),
  });
  const pairs: UnverifiedPair[] = [];
  const differences = compare(pairs);
  if (pairs.length === 0) return differences;
  await hashMissing(
    a,
    pairs.map((pair) => pair.a),
  );
  await hashMissing(
    b,
    pairs.map((pair) => pair.b),
  );
  return compare();
}

async function hashMissing(
  { options, stacked: { image, ledger, unread } }: Session,
  places: readonly FilePlace[],
): Promise<void> {
  const byLayer = new Map<number, EntryPlace[]>();
  for (const { entry, layer } of places) {
    const entries = ledger.entriesOf(layer);
    if (entries.sha256(entry) !== null) continue;
    const list = byLayer.get(layer) ?? [];
    list.push(entries.place(entry));
    byLayer.set(layer, list);
  }
  for (const [layer, list] of byLayer) {
    const { blob } = image.layers[layer]!;
    if (blob === null) continue;
    const sorted = list.toSorted((x, y) => x.headerBlock - y.headerBlock);
    const hashes = await hashEntries(blob, sorted, signalOf(options));
    ledger.entriesOf(layer).addHashes(hashes);
    if (hashes.unreadable !== null) unread.note(layer, blob, [hashes.unreadable]);
  }
}
