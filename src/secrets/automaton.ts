/** A short text that must stand in the content before a pattern is tried. */
export interface Anchor {
  readonly text: string;
  /** Matches ASCII letters of either case. Costs hits: meant for the words of assignments only. */
  readonly ignoreCase?: boolean;
}

/**
 * A dense Aho-Corasick automaton over bytes. Bytes that no anchor tells apart share a column, so a row
 * is short; a state is the offset of its row, so one addition and one load make a step; states at which
 * an anchor ends come last, so one comparison tells a hit.
 */
export interface Automaton {
  /** Column of each byte. */
  readonly columns: Uint8Array;
  /** Entries of a row. */
  readonly stride: number;
  /** Next state (an offset into this table) at state + column. */
  readonly table: Uint32Array;
  /** States from here on end at least one anchor. */
  readonly firstOutput: number;
  /** Anchors (indices into the list given) that end at state `firstOutput + i * stride`. */
  readonly outputs: readonly (readonly number[])[];
  /** Bytes of the longest anchor. */
  readonly longest: number;
}

/**
 * Builds the automaton. Exact and case-blind anchors each make a trie of their own; the automaton is
 * the product of the two, as far as it can be reached, so that `AKIA` is not found in `akia` though
 * `password` is found in `PassWord`.
 * @param anchors ASCII texts of at least two bytes
 */
export function buildAutomaton(anchors: readonly Anchor[]): Automaton {
  const columns = new Uint8Array(256);
  const representatives = [firstUnused(anchors)];
  const column = (byte: number): void => {
    if (columns[byte] !== 0) return;
    columns[byte] = representatives.length;
    representatives.push(byte);
  };
  for (const { text, ignoreCase } of anchors) {
    for (const byte of Buffer.from(text, 'latin1')) {
      column(byte);
      if (ignoreCase !== true) continue;
      column(lower(byte));
      column(upper(byte));
    }
  }
  const exact = buildTrie(anchors, false, representatives);
  const folded = buildTrie(anchors, true, representatives);
  return product(exact, folded, columns, representatives.length, anchors);
}

/** The anchors that end at a state, which must be one of `firstOutput` or above. */
export function outputsOf(automaton: Automaton, state: number): readonly number[] {
  return automaton.outputs[(state - automaton.firstOutput) / automaton.stride]!;
}

/** One trie with its failure links already followed: a complete automaton over columns. */
interface Dfa {
  readonly next: Int32Array;
  readonly outputs: number[][];
}

function buildTrie(anchors: readonly Anchor[], ignoreCase: boolean, representatives: number[]): Dfa {
  const width = representatives.length;
  const mine = anchors.map((anchor) => (anchor.ignoreCase === true) === ignoreCase);
  const most = anchors.reduce((sum, { text }, index) => sum + (mine[index]! ? text.length : 0), 1);
  // Without regard to case a column that stands for a capital letter is that of the small one.
  const columnOf = new Int32Array(256);
  for (const [at, byte] of representatives.entries()) if (at > 0) columnOf[byte] = at;
  const sameAs = representatives.map((byte, at) => (ignoreCase && at > 0 ? columnOf[lower(byte)]! : at));
  const children = new Int32Array(most * width).fill(-1);
  const outputs: number[][] = [[]];
  for (const [index, { text }] of anchors.entries()) {
    if (!mine[index]!) continue;
    let node = 0;
    for (const byte of Buffer.from(ignoreCase ? text.toLowerCase() : text, 'latin1')) {
      const edge = node * width + columnOf[byte]!;
      if (children[edge] === -1) {
        children[edge] = outputs.length;
        outputs.push([]);
      }
      node = children[edge]!;
    }
    outputs[node]!.push(index);
  }
  const next = new Int32Array(outputs.length * width);
  const failure = new Int32Array(outputs.length);
  // Breadth first: the row of a failure state is complete before it is copied from.
  const queue = [0];
  for (const node of queue) {
    const fallback = failure[node]! * width;
    if (node !== 0) outputs[node]!.push(...outputs[failure[node]!]!);
    for (let at = 0; at < width; at++) {
      const child = children[node * width + sameAs[at]!]!;
      const otherwise = node === 0 ? 0 : next[fallback + at]!;
      next[node * width + at] = child === -1 ? otherwise : child;
      if (child === -1 || sameAs[at] !== at) continue;
      failure[child] = otherwise;
      queue.push(child);
    }
  }
  return { next, outputs };
}

function product(
  exact: Dfa,
  folded: Dfa,
  columns: Uint8Array,
  stride: number,
  anchors: readonly Anchor[],
): Automaton {
  const foldedCount = folded.outputs.length;
  const ids = new Map<number, number>([[0, 0]]);
  const pairs: [number, number][] = [[0, 0]];
  const rows: Int32Array[] = [];
  for (const [a, b] of pairs) {
    const edges = new Int32Array(stride);
    let lastKey = -1;
    let lastId = -1;
    for (let at = 0; at < stride; at++) {
      const key = exact.next[a * stride + at]! * foldedCount + folded.next[b * stride + at]!;
      // Most columns lead to where their neighbour leads.
      if (key !== lastKey) {
        lastKey = key;
        lastId = ids.get(key) ?? -1;
        if (lastId === -1) {
          lastId = pairs.length;
          ids.set(key, lastId);
          pairs.push([Math.floor(key / foldedCount), key % foldedCount]);
        }
      }
      edges[at] = lastId;
    }
    rows.push(edges);
  }
  const ends = pairs.map(([a, b]) => [...exact.outputs[a]!, ...folded.outputs[b]!]);
  const quiet = ends.flatMap((list, id) => (list.length === 0 ? [id] : []));
  const loud = ends.flatMap((list, id) => (list.length === 0 ? [] : [id]));
  const row = new Uint32Array(pairs.length);
  for (const [position, id] of [...quiet, ...loud].entries()) row[id] = position * stride;
  const table = new Uint32Array(pairs.length * stride);
  for (const [id, edges] of rows.entries()) {
    for (let at = 0; at < stride; at++) table[row[id]! + at] = row[edges[at]!]!;
  }
  return {
    columns,
    stride,
    table,
    firstOutput: quiet.length * stride,
    outputs: loud.map((id) => ends[id]!),
    longest: Math.max(0, ...anchors.map(({ text }) => text.length)),
  };
}

/** A byte that no anchor holds stands for all of them; column 0 never matches a trie's edge. */
function firstUnused(anchors: readonly Anchor[]): number {
  const used = new Set(anchors.flatMap(({ text }) => [...Buffer.from(text, 'latin1')]));
  return Array.from({ length: 256 }, (_, byte) => byte).find((byte) => !used.has(byte)) ?? 0;
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}

function upper(byte: number): number {
  return byte >= 0x61 && byte <= 0x7a ? byte & ~0x20 : byte;
}
