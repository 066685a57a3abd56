import { readFiles } from '../ledger/read-files.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { LARGEST_DATABASE } from './database.ts';
import { pathsNamed } from './paths-named.ts';
import { readDpkg } from './readers/dpkg.ts';
import { type ShippedFile, shippedFilesReader } from './shipped-files.ts';

/** A record with the layer of its database. */
export interface ShippedRecord extends ShippedFile {
  readonly layer: number;
}

/** By {@link canonical} path, from the bottom layer up. */
export type ShippedRecords = ReadonlyMap<string, readonly ShippedRecord[]>;

/** Where dpkg keeps versions: its status, or the files of distroless. */
const STATUS = /^\/var\/lib\/dpkg\/(?:status|status\.d\/(?![^/]*\.md5sums$)[^/]+)$/;
/** Paths of all that {@link shippedRecords} reads. */
export const SHIPPED_DATABASES =
  /^\/var\/lib\/dpkg\/(?:status$|info\/[^/]+\.md5sums$|status\.d\/)|^\/(?:usr\/)?lib\/apk\/db\/installed$|\.dist-info\/RECORD$|\/rpmdb\.sqlite$/;
const ENDINGS = ['.md5sums', 'status', 'installed', 'RECORD', 'rpmdb.sqlite'];

/**
 * What the databases of all layers record of shipped files.
 * @param wanted canonical paths; null for all
 * @throws Problem `cancelled`
 */
export async function shippedRecords(
  stacked: StackedImage,
  wanted: ReadonlySet<string> | null,
  signal: AbortSignal | undefined,
): Promise<ShippedRecords> {
  const { ledger } = stacked;
  const databases = new Map<number, string>();
  for (const { id, path } of pathsNamed(ledger, ENDINGS)) {
    if (!STATUS.test(path) && shippedFilesReader(path) === null) continue;
    for (const event of ledger.line(id)) if (!ledger.isDeletion(event)) databases.set(event, path);
  }
  const options = { largest: LARGEST_DATABASE, ...(signal === undefined ? {} : { signal }) };
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
  // The status of a layer has the versions of what its checksums are of.
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

/** Versions of dpkg's packages, by layer. */
class Versions {
  readonly #lines = new Map<string, { layer: number; version: string }[]>();

  /** Layers come in order. */
  put(name: string, layer: number, version: string): void {
    const line = this.#lines.get(name) ?? [];
    if (line.at(-1)?.version !== version) line.push({ layer, version });
    this.#lines.set(name, line);
  }

  /** The version after a layer; null where no status names it. */
  at(name: string, layer: number): string | null {
    const line = this.#lines.get(name) ?? [];
    return (line.findLast((each) => each.layer <= layer) ?? line[0])?.version ?? null;
  }
}

/** One name for `/lib/x` and `/usr/lib/x`: packages use either where `/lib` is a link to `/usr/lib`. */
export function canonical(path: string): string {
  return path.replace(/^\/usr(?=\/(?:bin|sbin|lib|lib32|lib64|libx32)\/)/, '');
}
