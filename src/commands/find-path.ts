import fuzzysort from 'fuzzysort';
import { incompleteOf } from '../ledger/incomplete.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { StackedImage } from '../ledger/stacked-image.ts';
import { Problem } from '../problem.ts';
import { pathText } from '../text/path-text.ts';
import { encodeName, unescapeText } from '../text/escape.ts';

/**
 * Finds the path that a user typed, either literally or in the escaped form that exhume prints.
 * @throws Problem `no-such-path`, which suggests similar paths; `unreadable` if part of the image was not read, where
 * the path may be
 */
export function findPath(stacked: StackedImage, text: string): number {
  const { ledger } = stacked;
  for (const form of [text, unescapeText(text)]) {
    const path = ledger.paths.lookup(encodeName(form));
    if (path >= 0 && isKnown(ledger, path)) return path;
  }
  const near = nearPaths(ledger, text);
  const hint = near.length === 0 ? '' : `; similar: ${near.join(', ')}`;
  const [unread] = incompleteOf(stacked);
  if (unread === undefined) throw new Problem('no-such-path', `no layer of the image has ${text}${hint}`);
  const part = unread.layer === null ? 'part of the image' : `layer ${unread.layer}`;
  const why = `${part} was not read and may have it: ${unread.reason}`;
  throw new Problem('unreadable', `cannot find ${text}: ${why}${hint}`);
}

/** Reports whether a layer has an entry for a path or for something below it. */
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
