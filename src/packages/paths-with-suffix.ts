import type { Ledger } from '../ledger/ledger.ts';
import { decodeName } from '../text/escape.ts';

/** A path that occurs in a layer. */
export interface LayerPath {
  readonly id: number;
  /** From the root, with a leading slash. */
  readonly path: string;
}

/** Directories of which every file is returned. */
const WHOLE_DIRECTORIES = ['/var/lib/dpkg/status.d'];

/**
 * Returns the paths whose last segment has one of the suffixes, and those in the dpkg directories with
 * one file per package. An image may have a million paths, so only matching ones are converted to text.
 */
export function* pathsWithSuffix(ledger: Ledger, suffixes: readonly string[]): Generator<LayerPath> {
  const { paths } = ledger;
  const directories = new Set(WHOLE_DIRECTORIES.map((directory) => paths.lookup(Buffer.from(directory))));
  const tails = suffixes.map((suffix) => Buffer.from(suffix));
  for (let id = 0; id < paths.count; id++) {
    if (ledger.lastEvent(id) < 0) continue;
    const name = paths.name(id);
    if (!directories.has(paths.parent(id)) && !tails.some((tail) => endsWith(name, tail))) continue;
    yield { id, path: decodeName(paths.path(id)).text };
  }
}

function endsWith(name: Uint8Array, tail: Uint8Array): boolean {
  for (let back = 1; back <= tail.length; back++) {
    if (name[name.length - back] !== tail[tail.length - back]) return false;
  }
  return true;
}
