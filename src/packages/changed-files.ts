import { createHash } from 'node:crypto';
import { fileOf, keepsContent } from '../ledger/content.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readFiles } from '../ledger/read-files.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { type ShippedRecord, shippedRecords, type ShippedRecords } from './shipped-records.ts';

/** A packaged file whose content a later layer changed without updating the package database. */
export interface ChangedFile {
  readonly path: string;
  /** The layer that changed it. */
  readonly layer: number;
  readonly package: string;
  readonly version: string | null;
  /** `shadowed` or `deleted` if a later layer replaced or deleted the changed file. */
  readonly state: 'live' | 'shadowed' | 'deleted';
}

/** Larger files, in bytes, are skipped: the content is held in memory. */
const MAX_FILE = 64 << 20;

/**
 * Returns the files whose content matches none of the checksums that the package databases of the same
 * layer or the layers below record for them. Only files that were written again above the first layer
 * with such a record are read. An upgrade of the package also updates the database, so it is not a change.
 * @param records checksum records, if the caller has read them already
 * @throws Problem `cancelled`
 */
export async function changedFiles(
  stacked: StackedImage,
  signal: AbortSignal | undefined,
  records?: ShippedRecords,
): Promise<ChangedFile[]> {
  const { ledger } = stacked;
  const shippedFiles = records ?? (await shippedRecords(stacked, null, signal));
  const candidates = new Map<number, { path: string; known: readonly ShippedRecord[] }>();
  for (const [place, known] of shippedFiles) {
    for (const path of [place, `/usr${place}`]) {
      for (const event of rewritten(ledger, path, known[0]!.layer)) candidates.set(event, { path, known });
    }
  }
  const options = { largest: MAX_FILE, ...(signal === undefined ? {} : { signal }) };
  const contents = await readFiles(stacked, candidates.keys(), options);
  return [...contents]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([event, content]): ChangedFile[] => {
      const { known, path } = candidates.get(event)!;
      const layer = ledger.layerOf(event);
      const below = known.filter((record) => record.layer <= layer);
      const shipped = below.some(
        ({ algorithm, hash }) => createHash(algorithm).update(content).digest('hex') === hash,
      );
      const last = below.at(-1);
      if (shipped || last === undefined) return [];
      return [{ path, layer, package: last.package, version: last.version, state: ledger.state(event) }];
    });
}

/** Returns the events above a layer that changed the content of a path. */
function rewritten(ledger: Ledger, path: string, above: number): number[] {
  const id = ledger.paths.lookup(Buffer.from(path));
  if (id < 0) return [];
  return ledger
    .line(id)
    .filter(
      (event) =>
        ledger.layerOf(event) > above && fileOf(ledger, event) !== null && !keepsContent(ledger, event),
    );
}
