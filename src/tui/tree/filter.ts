import picomatch from 'picomatch';
import type { PathTable } from '../../layer/path-table.ts';
import { decodeName } from '../../text/escape.ts';

/** The filter of the tree. */
export interface TreeFilter {
  /** As typed. */
  readonly text: string;
  /** By path: 1 if it matches; null until evaluated. */
  readonly matches: Uint8Array | null;
}

/** A parsed filter, or the error in it. */
export type PathFilter =
  | { readonly ok: true; readonly onName: boolean; readonly test: (text: string) => boolean }
  | { readonly ok: false; readonly message: string };

/**
 * Parses a filter:
 * - `/…/` (or `/…/i`) is a regular expression on the whole path;
 * - with `*`, `?`, `[` or `{` it is a glob: on the name if it has no slash, else on the path
 *   (without a leading slash it matches at any depth);
 * - anything else is a case-insensitive substring of the name or, with a slash, of the path.
 */
export function parseFilter(text: string): PathFilter {
  const regular = /^\/(.+)\/(i?)$/s.exec(text);
  if (regular !== null) {
    try {
      const pattern = new RegExp(regular[1]!, `u${regular[2]}`);
      return { ok: true, onName: false, test: (path) => pattern.test(path) };
    } catch (error) {
      return { ok: false, message: error instanceof Error ? error.message : String(error) };
    }
  }
  if (/[*?[{]/.test(text)) {
    const onName = !text.includes('/');
    const glob = onName || text.startsWith('/') ? text : `/**/${text}`;
    return { ok: true, onName, test: picomatch(glob, { dot: true }) };
  }
  const wanted = text.toLowerCase();
  return { ok: true, onName: !text.includes('/'), test: (path) => path.toLowerCase().includes(wanted) };
}

/** Paths matched before the generator yields. */
const SLICE = 4096;

/**
 * Matches a filter against every path of a table except the root. Yields the number of paths done after every
 * slice, where it can be cancelled.
 * @returns by path: 1 if it matches
 */
export function* matchPaths(
  paths: PathTable,
  filter: Extract<PathFilter, { ok: true }>,
): Generator<number, Uint8Array> {
  const count = paths.count;
  const matches = new Uint8Array(count);
  for (let id = 1; id < count; id++) {
    const bytes = filter.onName ? paths.name(id) : paths.path(id);
    if (filter.test(decodeName(bytes).text)) matches[id] = 1;
    if (id % SLICE === 0) yield id;
  }
  return matches;
}
