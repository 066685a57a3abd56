import type { HistoryAlignment } from '../history/align.ts';
import type { Origin } from '../history/origin.ts';

/**
 * Returns the origin of each history entry: that of its layer. An entry without a layer gets the origin
 * that the layers before and after it agree on.
 * @param origins origin of each layer
 */
export function historyOrigins(history: HistoryAlignment, origins: readonly Origin[]): Origin[] {
  let below: Origin | null = null;
  const belows = history.entries.map(
    ({ layer }) => (below = layer === null ? below : originOf(origins, layer)),
  );
  let above: Origin | null = null;
  const aboves = history.entries
    .toReversed()
    .map(({ layer }) => (above = layer === null ? above : originOf(origins, layer)))
    .toReversed();
  return history.entries.map((_, index) => {
    const [lower, upper] = [belows[index] ?? null, aboves[index] ?? null];
    // No entry of the base can follow a layer of the application.
    if (lower === 'application') return 'application';
    if (upper === 'base') return 'base';
    return lower === upper && lower !== null ? lower : 'unknown';
  });
}

function originOf(origins: readonly Origin[], layer: number): Origin {
  return origins[layer] ?? 'unknown';
}
