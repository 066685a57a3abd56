import { createHash } from 'node:crypto';
import { readFiles } from '../ledger/read-files.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { decodeName } from '../text/escape.ts';
import { LARGEST_DATABASE } from './database.ts';
import { readDpkg } from './readers/dpkg.ts';
import { type ShippedFile, shippedFilesReader } from './shipped-files.ts';

/** A file as a layer has it. */
export interface FileInLayer {
  readonly layer: number;
  /** From the root, with a leading slash. */
  readonly path: string;
}

/** A record with the layer of its database. */
interface Recorded extends ShippedFile {
  readonly layer: number;
}

/** Larger files than this are taken for nobody's: they would have to be held in memory. */
const LARGEST_FILE = 64 << 20;
/** Where dpkg keeps versions: its status, or the files of distroless. */
const STATUS = /^\/var\/lib\/dpkg\/(?:status|status\.d\/(?![^/]*\.md5sums$)[^/]+)$/;
const ENDINGS = /(?:\.md5sums|\/status|\/installed|\/RECORD)$/;

/**
 * Tells which files are, byte by byte, what a package ships: path and checksum stand in a database of
 * dpkg, apk or pip that some layer holds.
 * @returns `package version` by {@link fileKey}; files that no package ships are not in it
 * @throws Problem `cancelled`
 */
export async function shippedBy(
  stacked: StackedImage,
  files: readonly FileInLayer[],
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const { image, ledger } = stacked;
  const shipped = new Map<string, string>();
  const wanted = new Set(files.map(({ path }) => canonical(path)));
  if (wanted.size === 0) return shipped;
  const records = await recordsOf(stacked, wanted, signal);
  if (records.size === 0) return shipped;
  const events = new Map<number, string>();
  for (const { layer, path } of files) {
    const id = records.has(canonical(path)) ? ledger.paths.lookup(Buffer.from(path)) : -1;
    const event = id < 0 ? -1 : ledger.eventAt(id, layer);
    if (event >= 0 && ledger.layerOf(event) === layer) events.set(event, path);
  }
  const options = { largest: LARGEST_FILE, ...(signal === undefined ? {} : { signal }) };
  const contents = await readFiles(image, ledger, events.keys(), options);
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

/** Names a file of a layer in the answer of {@link shippedBy}. */
export function fileKey({ layer, path }: FileInLayer): string {
  return `${layer}\0${path}`;
}

/** What databases of all layers record of the paths wanted. */
async function recordsOf(
  { image, ledger }: StackedImage,
  wanted: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<Map<string, Recorded[]>> {
  const databases = new Map<number, string>();
  for (let id = 0; id < ledger.paths.count; id++) {
    if (ledger.lastEvent(id) < 0) continue;
    const path = decodeName(ledger.paths.path(id)).text;
    if (!STATUS.test(path) && (!ENDINGS.test(path) || shippedFilesReader(path) === null)) continue;
    for (const event of ledger.line(id)) if (!ledger.isDeletion(event)) databases.set(event, path);
  }
  const options = { largest: LARGEST_DATABASE, ...(signal === undefined ? {} : { signal }) };
  const contents = await readFiles(image, ledger, databases.keys(), options);
  const records = new Map<string, Recorded[]>();
  const versions = new Versions();
  const add = (record: ShippedFile, layer: number): void => {
    const place = canonical(record.path);
    if (!wanted.has(place)) return;
    const version = record.version ?? versions.at(record.package, layer);
    records.set(place, [...(records.get(place) ?? []), { ...record, layer, version }]);
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
    for (const record of shippedFilesReader(path)?.(textOf(bytes)) ?? []) add(record, layer);
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

/** Packages name `/lib/x` where `/lib` is a link to `/usr/lib`. */
function canonical(path: string): string {
  return path.replace(/^\/usr(?=\/(?:bin|sbin|lib|lib32|lib64|libx32)\/)/, '');
}
