import type { HistoryRecord } from '../image/config.ts';
import { instructionText } from './instruction.ts';

/** One of the `history[]` of the contract. */
export interface HistoryEntry {
  readonly index: number;
  readonly created: string | null;
  readonly createdBy: string | null;
  readonly comment: string | null;
  readonly author: string | null;
  readonly emptyLayer: boolean;
  /** The layer that this entry made, or null. */
  readonly layer: number | null;
  readonly instruction: string;
}

/** History entries held against layers. */
export interface HistoryAlignment {
  readonly entries: readonly HistoryEntry[];
  /** False where the counts disagree: then only what matches from the start is aligned. */
  readonly aligned: boolean;
  /** Why it is not aligned, or null. */
  readonly reason: string | null;
}

/**
 * Gives each history entry that is not empty the next layer (image-spec, config.md, "history").
 * @param layerCount how many layers the manifest lists
 */
export function alignHistory(records: readonly HistoryRecord[], layerCount: number): HistoryAlignment {
  let next = 0;
  const entries = records.map((record, index): HistoryEntry => {
    const layer = !record.emptyLayer && next < layerCount ? next : null;
    if (!record.emptyLayer) next++;
    return { index, ...record, layer, instruction: instructionText(record) };
  });
  if (next === layerCount) return { entries, aligned: true, reason: null };
  const reason =
    records.length === 0
      ? `the config records no history for its ${layerCount} layers`
      : `the history has ${next} entries that made a layer, the manifest ${layerCount} layers: what matches from the start is shown`;
  return { entries, aligned: false, reason };
}

/** The instruction that made a layer; empty where the history does not say. */
export function instructionOfLayer(alignment: HistoryAlignment, layer: number): string {
  return alignment.entries.find((entry) => entry.layer === layer)?.instruction ?? '';
}
