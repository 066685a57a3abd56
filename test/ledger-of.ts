import type { FixtureEntry } from '../fixtures/tar.ts';
import { packTar } from '../fixtures/tar.ts';
import { type Extent, memorySource } from '../src/bytes/source.ts';
import { PathTable } from '../src/layer/path-table.ts';
import { scanLayer } from '../src/layer/scan.ts';
import { buildLedger } from '../src/ledger/build.ts';
import { CHANGE_NAMES, type ChangeName } from '../src/ledger/change.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import { LayerEntries } from '../src/ledger/layer-entries.ts';
import { decodeName } from '../src/text/escape.ts';

/** Bytes as a layer blob in memory. */
export function extentOf(bytes: Uint8Array, name = 'layer.tar'): Extent {
  return { source: memorySource(name, bytes), offset: 0, size: bytes.length };
}

/**
 * The ledger of layers given as entries, from the bottom up.
 * @param hashContents false: contents of the same size stay unverified, as before they are compared
 */
export async function ledgerOf(
  layers: readonly (readonly FixtureEntry[] | null)[],
  hashContents = true,
): Promise<Ledger> {
  const tars = await Promise.all(layers.map((entries) => (entries === null ? null : packTar(entries))));
  return ledgerOfTars(tars, hashContents);
}

/** The ledger of layer tars, from the bottom up; null for a layer that is missing. */
export async function ledgerOfTars(
  tars: readonly (Uint8Array | null)[],
  hashContents = true,
): Promise<Ledger> {
  const paths = new PathTable();
  const layers: (LayerEntries | null)[] = [];
  for (const tar of tars) {
    if (tar === null) {
      layers.push(null);
      continue;
    }
    const scan = await scanLayer(extentOf(tar), {
      hashContents: hashContents ? 'all' : 'none',
      digests: false,
    });
    const ids = paths.merge(scan.paths!);
    const path = scan.columns.path.map((id) => ids[id]!);
    const whiteoutPath = scan.columns.whiteoutPath.map((id) => ids[id]!);
    layers.push(new LayerEntries({ ...scan.columns, path, whiteoutPath }, scan.hashes));
  }
  return buildLedger(paths, layers);
}

/** A path of the ledger as text. */
export function pathText(ledger: Ledger, path: number): string {
  return decodeName(ledger.paths.path(path)).text;
}

/** The id of a path; throws where the ledger does not know it. */
export function pathId(ledger: Ledger, path: string): number {
  const id = ledger.paths.lookup(Buffer.from(path));
  if (id < 0) throw new Error(`no layer names ${path}`);
  return id;
}

/** A path's line as text, from the bottom layer up: `0 added`, `2 deleted`. */
export function lineText(ledger: Ledger, path: string): string[] {
  return ledger
    .line(pathId(ledger, path))
    .map((event) => `${ledger.layerOf(event)} ${changeName(ledger, event)}`);
}

/** The change of an event, in the words of the contract. */
export function changeName(ledger: Ledger, event: number): ChangeName {
  return CHANGE_NAMES[ledger.change(event)];
}
