import type { HistoryAlignment } from '../history/align.ts';
import type { Origin } from '../history/origin.ts';

/**
 * Which part of the image each history entry belongs to: that of its layer; for an entry without one,
 * what the layers on both sides of it agree on.
 * @param origins by layer
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
    // Behind the last layer of the application nothing of the base can follow.
    if (lower === 'application') return 'application';
    if (upper === 'base') return 'base';
    return lower === upper && lower !== null ? lower : 'unknown';
  });
}

function originOf(origins: readonly Origin[], layer: number): Origin {
  return origins[layer] ?? 'unknown';
}
