import { createHash } from 'node:crypto';
import { readFiles } from '../ledger/read-files.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { canonical, shippedRecords, type ShippedRecords } from './shipped-records.ts';

/** A file in a layer. */
export interface FileInLayer {
  readonly layer: number;
  /** From the root, with a leading slash. */
  readonly path: string;
}

/** Larger files, in bytes, never match a package: the content is held in memory. */
const MAX_FILE = 64 << 20;

/**
 * Determines which files are unmodified files of packages: their path and checksum are in a package
 * database of some layer.
 * @returns `package version` by {@link fileKey}; without the files that no package ships
 * @throws Problem `cancelled`
 */
export async function shippedBy(
  stacked: StackedImage,
  files: readonly FileInLayer[],
  signal: AbortSignal | undefined,
  known?: ShippedRecords,
): Promise<Map<string, string>> {
  const { ledger } = stacked;
  const shipped = new Map<string, string>();
  const wanted = new Set(files.map(({ path }) => canonical(path)));
  if (wanted.size === 0) return shipped;
  const records = known ?? (await shippedRecords(stacked, wanted, signal));
  if (records.size === 0) return shipped;
  const events = new Map<number, string>();
  for (const { layer, path } of files) {
    const id = records.has(canonical(path)) ? ledger.paths.lookup(Buffer.from(path)) : -1;
    const event = id < 0 ? -1 : ledger.eventAt(id, layer);
    if (event >= 0 && ledger.layerOf(event) === layer) events.set(event, path);
  }
  const options = { largest: MAX_FILE, ...(signal === undefined ? {} : { signal }) };
  const contents = await readFiles(stacked, events.keys(), options);
  for (const [event, content] of contents) {
    const path = events.get(event)!;
    const matching = (records.get(canonical(path)) ?? []).filter(
      ({ algorithm, hash }) => createHash(algorithm).update(content).digest('hex') === hash,
    );
    const layer = ledger.layerOf(event);
    const match = matching.findLast((record) => record.layer <= layer) ?? matching[0];
    if (match === undefined) continue;
    const text = match.version === null ? match.package : `${match.package} ${match.version}`;
    shipped.set(fileKey({ layer, path }), text);
  }
  return shipped;
}

/** Returns the key of a file in the result of {@link shippedBy}. */
export function fileKey({ layer, path }: FileInLayer): string {
  return `${layer}\0${path}`;
}
