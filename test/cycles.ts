/** An import: the importing and the imported part. */
export type Edge = readonly [from: string, to: string];

/**
 * Lists cycles of a graph: for each node on a cycle the shortest one, unless an earlier cycle of the list contains the
 * node. Empty if and only if the graph has no cycle.
 * @returns the nodes of each cycle in order, with the first one repeated at the end
 */
export function shortestCycles(edges: Iterable<Edge>): string[][] {
  const targets = new Map<string, Set<string>>();
  for (const [from, to] of edges) {
    const known = targets.get(from);
    if (known === undefined) targets.set(from, new Set([to]));
    else known.add(to);
  }
  const listed = new Set<string>();
  const cycles: string[][] = [];
  for (const start of [...targets.keys()].toSorted()) {
    if (listed.has(start)) continue;
    const cycle = cycleThrough(start, targets);
    if (cycle === null) continue;
    cycles.push(cycle);
    for (const node of cycle) listed.add(node);
  }
  return cycles;
}

/** Searches breadth-first, so that the cycle is a shortest one. */
function cycleThrough(start: string, targets: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const reachedFrom = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const next of targets.get(node) ?? []) {
      if (next === start) {
        const back = [node];
        while (back[0] !== start) back.unshift(reachedFrom.get(back[0]!)!);
        return [...back, start];
      }
      if (reachedFrom.has(next)) continue;
      reachedFrom.set(next, node);
      queue.push(next);
    }
  }
  return null;
}
