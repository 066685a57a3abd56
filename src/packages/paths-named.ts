import type { Ledger } from '../ledger/ledger.ts';
import { decodeName } from '../text/escape.ts';

/** A path that some layer names. */
export interface NamedPath {
  readonly id: number;
  /** From the root, with a leading slash. */
  readonly path: string;
}

/** Folders of which every file is looked at. */
const WHOLE_FOLDERS = ['/var/lib/dpkg/status.d'];

/**
 * The paths whose last segment ends so, and those of dpkg's folders of one file a package. An image may
 * have a million paths: only these few are turned into text.
 */
export function* pathsNamed(ledger: Ledger, endings: readonly string[]): Generator<NamedPath> {
  const { paths } = ledger;
  const folders = new Set(WHOLE_FOLDERS.map((folder) => paths.lookup(Buffer.from(folder))));
  const tails = endings.map((ending) => Buffer.from(ending));
  for (let id = 0; id < paths.count; id++) {
    if (ledger.lastEvent(id) < 0) continue;
    const name = paths.name(id);
    if (!folders.has(paths.parent(id)) && !tails.some((tail) => endsWith(name, tail))) continue;
    yield { id, path: decodeName(paths.path(id)).text };
  }
}

function endsWith(name: Uint8Array, tail: Uint8Array): boolean {
  for (let back = 1; back <= tail.length; back++) {
    if (name[name.length - back] !== tail[tail.length - back]) return false;
  }
  return true;
}
