import type { Anchor } from '../rule.ts';

/**
 * Table entries per cache line: 32 entries of 16 bits are 64 bytes. The number of cache lines in use
 * determines how fast the table is walked.
 */
export const LINE = 32;

/**
 * A dense Aho-Corasick automaton over bytes. Bytes that no anchor distinguishes share a column, so a row is
 * short: a few cache lines. The first of them has the columns of the most frequent bytes.
 * A state is the number of its row's first line, so that it fits in 16 bits. States at which an anchor ends
 * come last, so one comparison detects a hit.
 */
export interface Automaton {
  /** Column of each byte. */
  readonly columns: Uint8Array;
  /** Cache lines per row. */
  readonly lines: number;
  /** Next state at index state * {@link LINE} + column. Uses 32 bits only if the states do not fit in 16. */
  readonly table: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  /** First state at which an anchor ends; so do all states after it. */
  readonly firstOutput: number;
  /** Anchors, as indices into the given list, that end at state `firstOutput + i * lines`. */
  readonly outputs: readonly (readonly number[])[];
  /** Length of the longest anchor in bytes. */
  readonly longest: number;
}

/**
 * Builds the automaton. Exact and case-insensitive anchors each form a trie. The automaton is the reachable
 * part of the product of the two, so that `AKIA` is not found in `akia` but `password` is found in
 * `PassWord`.
 * @param anchors ASCII texts of at least two bytes
 */
export function buildAutomaton(anchors: readonly Anchor[]): Automaton {
  const used = usedBytes(anchors);
  const columns = new Uint8Array(256);
  const representatives = [Math.max(0, used.indexOf(0))];
  const column = (byte: number): void => {
    if (used[byte] === 0 || columns[byte] !== 0) return;
    columns[byte] = representatives.length;
    representatives.push(byte);
  };
  for (const byte of FREQUENT) column(byte);
  for (let byte = 0; byte < 256; byte++) column(byte);
  const exact = buildTrie(anchors, false, representatives);
  const folded = buildTrie(anchors, true, representatives);
  return product(exact, folded, columns, representatives.length, anchors);
}

/** Returns the anchors that end at a state, which must be `firstOutput` or above. */
export function outputsOf(automaton: Automaton, state: number): readonly number[] {
  return automaton.outputs[(state - automaton.firstOutput) / automaton.lines]!;
}

/** A trie with its failure links resolved: a complete automaton over columns. States are numbered from 0. */
interface Dfa {
  readonly count: number;
  readonly next: Int32Array;
  /** Anchors that end at each state; states without any have no element. */
  readonly outputs: readonly (readonly number[] | undefined)[];
  readonly failure: Int32Array;
  /** Length of the text that leads to each state. */
  readonly depth: Int32Array;
  /** First child of each state and next sibling of each child, as linked lists; 0 ends a list. */
  readonly child: Int32Array;
  readonly sibling: Int32Array;
  /** Columns of the letter that leads to each state: lower and upper case if case is ignored. */
  readonly column: Int32Array;
  readonly capital: Int32Array;
}

/*
 * The functions below run once per thread, before V8 has optimized them. Plain loops over typed arrays are
 * then several times as fast as iterators.
 */

function buildTrie(anchors: readonly Anchor[], ignoreCase: boolean, representatives: number[]): Dfa {
  const width = representatives.length;
  const mine = anchors.map((anchor) => (anchor.ignoreCase === true) === ignoreCase);
  const maxStates = anchors.reduce((sum, { text }, index) => sum + (mine[index]! ? text.length : 0), 1);
  const columnOf = new Int32Array(256);
  for (let at = 1; at < width; at++) columnOf[representatives[at]!] = at;
  const next = new Int32Array(maxStates * width);
  const outputs: (readonly number[] | undefined)[] = [];
  const [child, sibling, column, capital, failure, depth, queue] = Array.from(
    { length: 7 },
    () => new Int32Array(maxStates),
  ) as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
  let count = 1;
  for (let index = 0; index < anchors.length; index++) {
    if (!mine[index]!) continue;
    const { text } = anchors[index]!;
    let node = 0;
    for (let i = 0; i < text.length; i++) {
      const byte = text.charCodeAt(i);
      const at = columnOf[ignoreCase ? lower(byte) : byte]!;
      const edge = node * width + at;
      if (next[edge] === 0) {
        next[edge] = count;
        column[count] = at;
        capital[count] = ignoreCase ? columnOf[upper(lower(byte))]! : at;
        depth[count] = depth[node]! + 1;
        sibling[count] = child[node]!;
        child[node] = count++;
      }
      node = next[edge]!;
    }
    outputs[node] = [...(outputs[node] ?? []), index];
  }
  // Breadth first, so that the row of a failure state is complete before it is copied.
  for (let head = 0, tail = 1; head < tail; head++) {
    const node = queue[head]!;
    const row = node * width;
    const fallback = failure[node]! * width;
    if (node !== 0) {
      outputs[node] = concatenated(outputs[node], outputs[failure[node]!]);
      next.copyWithin(row, fallback, fallback + width);
    }
    for (let to = child[node]!; to !== 0; to = sibling[to]!) {
      failure[to] = node === 0 ? 0 : next[fallback + column[to]!]!;
      next[row + column[to]!] = to;
      next[row + capital[to]!] = to;
      queue[tail++] = to;
    }
  }
  return { count, next, outputs, failure, depth, child, sibling, column, capital };
}

/**
 * Returns the product automaton, whose states are pairs of states. Breadth first as above: the row of a pair
 * is copied from the pair in which the longer of the two texts (or both, if they are equal) lacks its first
 * letter. Only the edges that continue the longer text differ. The pair copied from always comes before.
 */
function product(
  exact: Dfa,
  folded: Dfa,
  columns: Uint8Array,
  stride: number,
  anchors: readonly Anchor[],
): Automaton {
  const ids = new Map<number, number>([[0, 0]]);
  const firsts = [0];
  const seconds = [0];
  let edges = new Uint32Array(2 * (exact.count + folded.count) * stride);
  const connect = (row: number, a: number, b: number, at: number): void => {
    const first = exact.next[a * stride + at]!;
    const second = folded.next[b * stride + at]!;
    const key = first * folded.count + second;
    let id = ids.get(key);
    if (id === undefined) {
      id = firsts.push(first) - 1;
      seconds.push(second);
      ids.set(key, id);
    }
    edges[row + at] = id;
  };
  for (let id = 0; id < firsts.length; id++) {
    const a = firsts[id]!;
    const b = seconds[id]!;
    const row = id * stride;
    if (row === edges.length) edges = grown(edges);
    const longer = exact.depth[a]! - folded.depth[b]!;
    if (id > 0) {
      const before = longer < 0 ? a : exact.failure[a]!;
      const from = ids.get(before * folded.count + (longer > 0 ? b : folded.failure[b]!))! * stride;
      edges.copyWithin(row, from, from + stride);
    }
    if (longer >= 0) {
      for (let to = exact.child[a]!; to !== 0; to = exact.sibling[to]!) connect(row, a, b, exact.column[to]!);
    }
    if (longer > 0) continue;
    for (let to = folded.child[b]!; to !== 0; to = folded.sibling[to]!) {
      connect(row, a, b, folded.column[to]!);
      connect(row, a, b, folded.capital[to]!);
    }
  }
  const ends = firsts.map((a, id) => concatenated(exact.outputs[a], folded.outputs[seconds[id]!]));
  const reported = ends.filter((list) => list !== undefined);
  const lines = Math.ceil(stride / LINE);
  const firstOutput = (firsts.length - reported.length) * lines;
  const places = new Uint32Array(firsts.length);
  for (let id = 0, quietAt = 0, loudAt = firstOutput; id < firsts.length; id++) {
    places[id] = ends[id] === undefined ? quietAt : loudAt;
    if (ends[id] === undefined) quietAt += lines;
    else loudAt += lines;
  }
  const total = firsts.length * lines;
  const table = total <= 0x10000 ? new Uint16Array(total * LINE) : new Uint32Array(total * LINE);
  for (let id = 0, from = 0; id < firsts.length; id++) {
    for (let to = places[id]! * LINE, stop = to + stride; to < stop; to++)
      table[to] = places[edges[from++]!]!;
  }
  const longest = Math.max(0, ...anchors.map(({ text }) => text.length));
  return { columns, lines, table, firstOutput, outputs: reported, longest };
}

function concatenated(
  first: readonly number[] | undefined,
  second: readonly number[] | undefined,
): readonly number[] | undefined {
  return first === undefined || second === undefined ? (first ?? second) : [...first, ...second];
}

function grown(from: Uint32Array): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(2 * from.length);
  to.set(from);
  return to;
}

/** Space and the lower case letters by frequency in English. They get the first columns. */
const FREQUENT = Buffer.from(' etaoinshrdlcumwfgypbvkjxqz', 'latin1');

/**
 * Returns 1 for each byte that occurs in an anchor. All other bytes are column 0, which matches no edge of a
 * trie.
 */
function usedBytes(anchors: readonly Anchor[]): Uint8Array {
  const used = new Uint8Array(256);
  for (const { text, ignoreCase } of anchors) {
    for (let i = 0; i < text.length; i++) {
      const byte = text.charCodeAt(i);
      used[byte] = 1;
      if (ignoreCase !== true) continue;
      used[lower(byte)] = 1;
      used[upper(byte)] = 1;
    }
  }
  return used;
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}

function upper(byte: number): number {
  return byte >= 0x61 && byte <= 0x7a ? byte & ~0x20 : byte;
}
