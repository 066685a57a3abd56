import { createHash } from 'node:crypto';
import { fileOf, keepsContent } from '../ledger/content.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readFiles } from '../ledger/read-files.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { type ShippedRecord, shippedRecords, type ShippedRecords } from './shipped-records.ts';

/** A file of a package that a later layer gave another content, without the package's doing. */
export interface ChangedFile {
  readonly path: string;
  /** The layer that changed it. */
  readonly layer: number;
  readonly package: string;
  readonly version: string | null;
  /** `shadowed` or `deleted` where a still later layer undid it. */
  readonly state: 'live' | 'shadowed' | 'deleted';
}

/** Larger files are left out: they would have to be held in memory. */
const LARGEST_FILE = 64 << 20;

/**
 * Files whose content differs from all that a package database of the same layer or one below records of
 * them. Only files that a layer above the database's first wrote again are read: an upgrade by the
 * package's own means changes the database, too, and is none.
 * @param records what the databases record, where the caller has it already
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
  const options = { largest: LARGEST_FILE, ...(signal === undefined ? {} : { signal }) };
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

/** Events above a layer that gave a path another content. */
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
