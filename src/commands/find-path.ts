import fuzzysort from 'fuzzysort';
import type { Ledger } from '../ledger/ledger.ts';
import { Problem } from '../problem.ts';
import { pathText } from '../text/path-text.ts';
import { encodeName, unescapeText } from '../text/escape.ts';

/**
 * The path that a user means: as it is, or in the escaped form that this program prints.
 * @throws Problem `no-such-path`, with near ones
 */
export function findPath(ledger: Ledger, text: string): number {
  for (const form of [text, unescapeText(text)]) {
    const path = ledger.paths.lookup(encodeName(form));
    if (path >= 0 && isKnown(ledger, path)) return path;
  }
  const near = nearPaths(ledger, text);
  const hint = near.length === 0 ? '' : `; near it: ${near.join(', ')}`;
  throw new Problem('no-such-path', `no layer of the image has ${text}${hint}`);
}

/** True for a path that a layer names, or a folder above one. */
function isKnown(ledger: Ledger, path: number): boolean {
  if (ledger.lastEvent(path) >= 0) return true;
  for (let child = ledger.paths.firstChild(path); child !== 0; child = ledger.paths.nextSibling(child)) {
    if (isKnown(ledger, child)) return true;
  }
  return false;
}

function nearPaths(ledger: Ledger, text: string): string[] {
  const paths: string[] = [];
  for (let path = 1; path < ledger.paths.count; path++) {
    if (ledger.lastEvent(path) >= 0) paths.push(pathText(ledger.paths.path(path)));
  }
  const wanted = text.slice(text.lastIndexOf('/') + 1) || text;
  return fuzzysort.go(wanted, paths, { limit: 3, threshold: 0.2 }).map((result) => result.target);
}
