import { EntryType } from '../tar/member.ts';
import { hasOwnBytes, liveThroughHardlinks } from './content.ts';
import type { Ledger } from './ledger.ts';

/** Bytes of one path that no container sees. */
interface PathWaste {
  readonly path: number;
  readonly bytes: number;
  /** How many generations make them up. */
  readonly generations: number;
}

/** Bytes of file content that the layers carry and no container ever sees. */
export interface Waste {
  readonly bytes: number;
  /** File content of all layers, what is live included. */
  readonly total: number;
  /** By layer: of the bytes that it brought, those that never arrive. */
  readonly byLayer: readonly number[];
  /** The most wasteful first; then by name. */
  readonly byPath: readonly PathWaste[];
}

/**
 * Counts the generations of regular files that are not live in the final tree, members superseded
 * within their own tar included. A hard link has no bytes of its own, and keeps those that it names
 * from being wasted. Sizes are those of the unpacked files, headers and padding not counted.
 */
export function findWaste(ledger: Ledger): Waste {
  const linked = liveThroughHardlinks(ledger);
  const byLayer = ledger.layers.map(() => 0);
  const paths = new Map<number, { path: number; bytes: number; generations: number }>();
  let bytes = 0;
  let total = 0;
  const count = (path: number, layer: number, entry: number, live: boolean): void => {
    const size = ledger.entriesOf(layer).size(entry);
    total += size;
    if (live || size === 0 || linked.has(layer, entry)) return;
    bytes += size;
    byLayer[layer]! += size;
    const known = paths.get(path);
    if (known === undefined) paths.set(path, { path, bytes: size, generations: 1 });
    else {
      known.bytes += size;
      known.generations++;
    }
  };
  for (let layer = 0; layer < ledger.layers.length; layer++) {
    const [start, end] = ledger.eventsOf(layer);
    for (let event = start; event < end; event++) {
      if (!hasOwnBytes(ledger, event)) continue;
      count(ledger.pathOf(event), layer, ledger.entryOf(event), ledger.state(event) === 'live');
    }
  }
  for (const { path, layer, entry } of ledger.superseded) {
    if (ledger.entriesOf(layer).type(entry) === EntryType.file) count(path, layer, entry, false);
  }
  // Names break ties, since path ids depend on which layer was read first.
  const named = [...paths.values()].map((waste) => ({ waste, name: ledger.paths.path(waste.path) }));
  named.sort((a, b) => b.waste.bytes - a.waste.bytes || Buffer.compare(a.name, b.name));
  const byPath = named.map(({ waste }) => waste);
  return { bytes, total, byLayer, byPath };
}
