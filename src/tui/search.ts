import { single } from 'fuzzysort';
import type { PathTable } from '../layer/path-table.ts';
import { escapeBytes } from '../text/escape.ts';
import type { Found } from './overlay.ts';

/** How far a search has come. */
export interface SearchProgress {
  /** The best so far, best first. */
  readonly found: readonly Found[];
  readonly searched: number;
  readonly total: number;
  /** How many paths hold the letters in their order. */
  readonly matches: number;
}

/** So many results are kept. */
const MOST_FOUND = 200;
/** So many candidates of a kind are weighed; more than that and another letter helps more. */
const MOST_WEIGHED = 3000;
const SLICE = 4096;
/** Paths looked at before what has been found so far is shown: a few milliseconds, so that the first results come with the letter itself. */
const SHOW_EVERY = 2 * SLICE;
/** Candidates weighed before other work gets its turn. */
const WEIGH_SLICE = 100;

/**
 * Looks for paths that hold the letters of a query in their order; words apart from each other each
 * for themselves. A generator: between two steps other work gets its turn, and it can be left off.
 *
 * Two passes keep it quick without a copy of every path in memory: the letters are first matched on
 * the raw bytes, each path going on from where its folder had come to; only those that have them all
 * are made into text and weighed by fuzzysort, first those whose own name holds the query.
 * @param paths the table; paths that come in later are not looked at
 * @returns the progress at the end
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
      for (let weighed = 0; weighed < WEIGH_SLICE && search.weighNext(); weighed++);
      yield search.progress(id, total);
    } else if (id % SLICE === 0) yield null;
  }
  for (let weighed = 1; search.weighNext(); weighed++) {
    if (weighed % WEIGH_SLICE === 0) yield search.progress(total - 1, total);
  }
  return search.progress(total, total);
}

class Search {
  readonly #paths: PathTable;
  readonly #query: string;
  readonly #words: readonly Uint8Array[];
  /** By word and path: how many letters of the word its bytes hold in their order. */
  readonly #come: readonly Uint8Array[];
  /** Candidates, those whose name holds the query as it stands first. */
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
    this.#come = words.map(() => new Uint8Array(paths.count));
  }

  /** Matches a path's own name behind what its folder had; parents come before their children. */
  match(id: number): void {
    const name = this.#paths.name(id);
    const parent = this.#paths.parent(id);
    let isMatch = true;
    let kind = 0;
    for (let w = 0; w < this.#words.length; w++) {
      const word = this.#words[w]!;
      const come = this.#come[w]!;
      const before = come[parent]!;
      const now = advance(word, before, name);
      come[id] = now;
      if (now < word.length) isMatch = false;
      else if (before === word.length || !isMatch) kind = Math.max(kind, 2);
      else kind = Math.max(kind, holds(name, word) ? 0 : 1);
    }
    if (!isMatch) return;
    this.#matches++;
    const { ids } = this.#kinds[kind]!;
    if (ids.length < MOST_WEIGHED) ids.push(id);
  }

  /** Weighs the next candidate; false when there is none. */
  weighNext(): boolean {
    const kind = this.#kinds.find(({ ids, next }) => next < ids.length);
    if (kind === undefined) return false;
    const path = kind.ids[kind.next++]!;
    const text = escapeBytes(this.#paths.path(path));
    const result = single(this.#query, text);
    if (result === null) return true;
    const worst = this.#found.at(-1);
    if (this.#found.length === MOST_FOUND && worst !== undefined && result.score <= worst.score) return true;
    const letters = result.indexes.toSorted((a, b) => a - b);
    const found: Found = { path, text, letters, score: result.score };
    const at = this.#found.findIndex((each) => isBetter(found, each));
    this.#found.splice(at < 0 ? this.#found.length : at, 0, found);
    if (this.#found.length > MOST_FOUND) this.#found.pop();
    return true;
  }

  progress(searched: number, total: number): SearchProgress {
    return { found: [...this.#found], searched, total, matches: this.#matches };
  }
}

function isBetter(a: Found, b: Found): boolean {
  return a.score > b.score || (a.score === b.score && a.text.length < b.text.length);
}

/** How many letters of a word are matched once a slash and a name have gone by. */
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
