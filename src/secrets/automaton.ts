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
  const byteOf = representatives.map((byte, i) => (i === 0 ? -1 : ignoreCase ? lower(byte) : byte));
  const children: Map<number, number>[] = [new Map()];
  const outputs: number[][] = [[]];
  for (const [index, anchor] of anchors.entries()) {
    if ((anchor.ignoreCase === true) !== ignoreCase) continue;
    let node = 0;
    for (const byte of Buffer.from(ignoreCase ? anchor.text.toLowerCase() : anchor.text, 'latin1')) {
      let child = children[node]!.get(byte);
      if (child === undefined) {
        child = children.length;
        children.push(new Map());
        outputs.push([]);
        children[node]!.set(byte, child);
      }
      node = child;
    }
    outputs[node]!.push(index);
  }
  const next = new Int32Array(children.length * width);
  const failure = new Int32Array(children.length);
  const queued = new Uint8Array(children.length);
  // Breadth first: the row of a failure state is complete before it is copied from.
  const queue = [0];
  for (const node of queue) {
    const fallback = failure[node]! * width;
    if (node !== 0) outputs[node]!.push(...outputs[failure[node]!]!);
    for (let at = 0; at < width; at++) {
      const child = children[node]!.get(byteOf[at]!);
      const otherwise = node === 0 ? 0 : next[fallback + at]!;
      next[node * width + at] = child ?? otherwise;
      // Without regard to case, two columns lead to the same child.
      if (child === undefined || queued[child] === 1) continue;
      queued[child] = 1;
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
  const ids = new Map<number, number>([[0, 0]]);
  const pairs: [number, number][] = [[0, 0]];
  const edges: number[] = [];
  const foldedCount = folded.outputs.length;
  for (const [a, b] of pairs) {
    for (let at = 0; at < stride; at++) {
      const to = exact.next[a * stride + at]!;
      const foldedTo = folded.next[b * stride + at]!;
      const key = to * foldedCount + foldedTo;
      let id = ids.get(key);
      if (id === undefined) {
        id = pairs.length;
        ids.set(key, id);
        pairs.push([to, foldedTo]);
      }
      edges.push(id);
    }
  }
  const ends = pairs.map(([a, b]) => [...exact.outputs[a]!, ...folded.outputs[b]!]);
  const quiet = ends.flatMap((list, id) => (list.length === 0 ? [id] : []));
  const loud = ends.flatMap((list, id) => (list.length === 0 ? [] : [id]));
  const row = new Uint32Array(pairs.length);
  for (const [position, id] of [...quiet, ...loud].entries()) row[id] = position * stride;
  const table = new Uint32Array(edges.length);
  for (let id = 0; id < pairs.length; id++) {
    for (let at = 0; at < stride; at++) table[row[id]! + at] = row[edges[id * stride + at]!]!;
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
