import { readFiles } from '../ledger/read-files.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { MAX_DATABASE_SIZE } from './database.ts';
import { pathsWithSuffix } from './paths-with-suffix.ts';
import { readDpkg } from './readers/dpkg.ts';
import { type ShippedFile, shippedFilesReader } from './shipped-files.ts';

/** A checksum record and the layer of its database. */
export interface ShippedRecord extends ShippedFile {
  readonly layer: number;
}

/** Checksum records by {@link canonical} path, from the bottom layer up. */
export type ShippedRecords = ReadonlyMap<string, readonly ShippedRecord[]>;

/** Files with the versions of dpkg packages: the status file, or the status.d files of distroless. */
const STATUS = /^\/var\/lib\/dpkg\/(?:status|status\.d\/(?![^/]*\.md5sums$)[^/]+)$/;
/** Matches the paths of all files that {@link shippedRecords} reads. */
export const SHIPPED_DATABASES =
  /^\/var\/lib\/dpkg\/(?:status$|info\/[^/]+\.md5sums$|status\.d\/)|^\/(?:usr\/)?lib\/apk\/db\/installed$|\.dist-info\/RECORD$|\/rpmdb\.sqlite$/;
const SUFFIXES = ['.md5sums', 'status', 'installed', 'RECORD', 'rpmdb.sqlite'];

/**
 * Reads the checksum records of the package databases of all layers.
 * @param wanted canonical paths of the files; null for all files
 * @throws Problem `cancelled`
 */
export async function shippedRecords(
  stacked: StackedImage,
  wanted: ReadonlySet<string> | null,
  signal: AbortSignal | undefined,
): Promise<ShippedRecords> {
  const { ledger } = stacked;
  const databases = new Map<number, string>();
  for (const { id, path } of pathsWithSuffix(ledger, SUFFIXES)) {
    if (!STATUS.test(path) && shippedFilesReader(path) === null) continue;
    for (const event of ledger.line(id)) if (!ledger.isDeletion(event)) databases.set(event, path);
  }
  const options = { largest: MAX_DATABASE_SIZE, ...(signal === undefined ? {} : { signal }) };
  const contents = await readFiles(stacked, databases.keys(), options);
  const records = new Map<string, ShippedRecord[]>();
  const versions = new Versions();
  const add = (record: ShippedFile, layer: number): void => {
    const place = canonical(record.path);
    if (wanted !== null && !wanted.has(place)) return;
    const version = record.version ?? versions.at(record.package, layer);
    const known = records.get(place);
    if (known === undefined) records.set(place, [{ ...record, layer, version }]);
    else known.push({ ...record, layer, version });
  };
  const texts = [...contents]
    .map(([event, bytes]) => ({ layer: ledger.layerOf(event), path: databases.get(event)!, bytes }))
    .toSorted((a, b) => a.layer - b.layer);
  // Read the versions first: the dpkg checksum files do not have them.
  for (const { bytes, layer, path } of texts) {
    if (!STATUS.test(path)) continue;
    for (const { name, version } of readDpkg(textOf(bytes))) versions.put(name, layer, version);
  }
  for (const { bytes, layer, path } of texts) {
    for (const record of shippedFilesReader(path)?.(bytes) ?? []) add(record, layer);
  }
  return records;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** Versions of dpkg packages, by layer. */
class Versions {
  readonly #versions = new Map<string, { layer: number; version: string }[]>();

  /** Adds a version. Layers must be given in order. */
  put(name: string, layer: number, version: string): void {
    const known = this.#versions.get(name) ?? [];
    if (known.at(-1)?.version !== version) known.push({ layer, version });
    this.#versions.set(name, known);
  }

  /** Returns the version after a layer, or else the first known one; null if no status file lists the package. */
  at(name: string, layer: number): string | null {
    const known = this.#versions.get(name) ?? [];
    return (known.findLast((each) => each.layer <= layer) ?? known[0])?.version ?? null;
  }
}

/** Maps `/lib/x` and `/usr/lib/x` to one path: packages use either if `/lib` is a link to `/usr/lib`. */
export function canonical(path: string): string {
  return path.replace(/^\/usr(?=\/(?:bin|sbin|lib|lib32|lib64|libx32)\/)/, '');
}
