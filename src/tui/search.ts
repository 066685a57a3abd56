import { single } from 'fuzzysort';
import type { PathTable } from '../layer/path-table.ts';
import { escapeBytes } from '../text/escape.ts';
import type { Found } from './overlay.ts';

/** The progress of a search. */
export interface SearchProgress {
  /** The best so far, best first. */
  readonly found: readonly Found[];
  readonly searched: number;
  readonly total: number;
  /** How many paths contain the letters in order. */
  readonly matches: number;
}

/** Maximum number of results. */
const MAX_FOUND = 200;
/** Maximum number of candidates of a kind that are scored; beyond it, the user should type more. */
const MAX_SCORED = 3000;
const SLICE = 4096;
/** Paths searched before intermediate results are shown. Takes a few milliseconds, so the first results appear at once. */
const SHOW_EVERY = 2 * SLICE;
/** Candidates scored before the generator yields. */
const SCORE_SLICE = 100;

/**
 * Searches for paths that contain the letters of each word of a query in order. A generator, so that it can be
 * interleaved with other work and cancelled.
 *
 * Two passes avoid a copy of every path in memory. The first matches the letters on raw bytes; each path continues
 * from the state of its directory. The second decodes the candidates and scores them with fuzzysort, starting with
 * those whose own name contains the query.
 * @param paths the table; paths added later are not searched
 * @returns the final progress
 */
export function* searchPaths(
  paths: PathTable,
  query: string,
): Generator<SearchProgress | null, SearchProgress> {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => new TextEncoder().encode(word));
  const total = paths.count;
  if (words.length === 0) return { found: [], searched: total, total, matches: 0 };
  const search = new Search(paths, query.trim(), words);
  for (let id = 1; id < total; id++) {
    search.match(id);
    if (id % SHOW_EVERY === 0) {
      for (let scored = 0; scored < SCORE_SLICE && search.scoreNext(); scored++);
      yield search.progress(id, total);
    } else if (id % SLICE === 0) yield null;
  }
  for (let scored = 1; search.scoreNext(); scored++) {
    if (scored % SCORE_SLICE === 0) yield search.progress(total - 1, total);
  }
  return search.progress(total, total);
}

class Search {
  readonly #paths: PathTable;
  readonly #query: string;
  readonly #words: readonly Uint8Array[];
  /** By word and path: how many letters of the word match so far. */
  readonly #matched: readonly Uint8Array[];
  /** Candidates; those whose name contains the query verbatim come first. */
  readonly #kinds: readonly { readonly ids: number[]; next: number }[] = [
    { ids: [], next: 0 },
    { ids: [], next: 0 },
    { ids: [], next: 0 },
  ];
  #matches = 0;
  #found: Found[] = [];

  constructor(paths: PathTable, query: string, words: readonly Uint8Array[]) {
    this.#paths = paths;
    this.#query = query;
    this.#words = words.map((word) => word.subarray(0, 255));
    this.#matched = words.map(() => new Uint8Array(paths.count));
  }

  /** Matches a path's own name, continuing from its directory; parents come before their children. */
  match(id: number): void {
    const name = this.#paths.name(id);
    const parent = this.#paths.parent(id);
    let isMatch = true;
    let kind = 0;
    for (let w = 0; w < this.#words.length; w++) {
      const word = this.#words[w]!;
      const matched = this.#matched[w]!;
      const before = matched[parent]!;
      const now = advance(word, before, name);
      matched[id] = now;
      if (now < word.length) isMatch = false;
      else if (before === word.length || !isMatch) kind = Math.max(kind, 2);
      else kind = Math.max(kind, holds(name, word) ? 0 : 1);
    }
    if (!isMatch) return;
    this.#matches++;
    const { ids } = this.#kinds[kind]!;
    if (ids.length < MAX_SCORED) ids.push(id);
  }

  /** Scores the next candidate; false if there is none. */
  scoreNext(): boolean {
    const kind = this.#kinds.find(({ ids, next }) => next < ids.length);
    if (kind === undefined) return false;
    const path = kind.ids[kind.next++]!;
    const text = escapeBytes(this.#paths.path(path));
    const result = single(this.#query, text);
    if (result === null) return true;
    const worst = this.#found.at(-1);
    if (this.#found.length === MAX_FOUND && worst !== undefined && result.score <= worst.score) return true;
    const letters = result.indexes.toSorted((a, b) => a - b);
    const found: Found = { path, text, letters, score: result.score };
    const at = this.#found.findIndex((each) => isBetter(found, each));
    this.#found.splice(at < 0 ? this.#found.length : at, 0, found);
    if (this.#found.length > MAX_FOUND) this.#found.pop();
    return true;
  }

  progress(searched: number, total: number): SearchProgress {
    return { found: [...this.#found], searched, total, matches: this.#matches };
  }
}

function isBetter(a: Found, b: Found): boolean {
  return a.score > b.score || (a.score === b.score && a.text.length < b.text.length);
}

/** Returns how many letters of a word are matched after a slash and a name. */
function advance(word: Uint8Array, matched: number, name: Uint8Array): number {
  let next = matched;
  if (next < word.length && word[next] === 0x2f) next++;
  for (let i = 0; i < name.length && next < word.length; i++) {
    if (lower(name[i]!) === word[next]) next++;
  }
  return next;
}

function holds(name: Uint8Array, word: Uint8Array): boolean {
  const last = name.length - word.length;
  for (let start = 0; start <= last; start++) {
    let i = 0;
    while (i < word.length && lower(name[start + i]!) === word[i]) i++;
    if (i === word.length) return true;
  }
  return false;
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
}
