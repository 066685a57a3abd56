import picomatch from 'picomatch';
import type { PathTable } from '../../layer/path-table.ts';
import { decodeName } from '../../text/escape.ts';

/** The filter of the tree. */
export interface TreeFilter {
  /** As typed. */
  readonly text: string;
  /** By path: 1 where it matches; null while that is being found out. */
  readonly matches: Uint8Array | null;
}

/** A filter as typed, ready to be asked; or why it cannot be used. */
export type PathFilter =
  | { readonly ok: true; readonly onName: boolean; readonly test: (text: string) => boolean }
  | { readonly ok: false; readonly message: string };

/**
 * Reads a filter:
 * - `/…/` (or `/…/i`) is a regular expression on the whole path;
 * - with `*`, `?`, `[` or `{` it is a glob: on the name where it has no slash, else on the path
 *   (one that does not begin with a slash matches at any depth);
 * - anything else is text looked for in the path, without regard to case.
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

/** Paths looked at before other work gets its turn. */
const SLICE = 4096;

/**
 * Asks a filter about every path of a table, the root excepted. It yields after every slice how many
 * paths were asked; the run can be left off there.
 * @returns by path: 1 where it matches
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
