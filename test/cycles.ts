/** An import: who imports, and what is imported. */
export type Edge = readonly [from: string, to: string];

/**
 * Lists cycles of a graph: the shortest one through each node that is on any, unless a cycle that is listed already
 * contains the node. Empty if and only if the graph has no cycle.
 * @returns each as its nodes in order, the first again at the end
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

/** Searches breadth first, so that the cycle is a shortest one. */
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
