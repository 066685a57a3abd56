import type { HistoryRecord } from '../image/config.ts';
import { declaredArgs, defaultOfArg, type Instruction, parseInstruction } from './instruction.ts';

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
  /** By entry: its instruction taken apart. */
  readonly instructions: readonly Instruction[];
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
  const declared = new Map<string, string | null>();
  const instructions: Instruction[] = [];
  let next = 0;
  const entries = records.map((record, index): HistoryEntry => {
    const layer = !record.emptyLayer && next < layerCount ? next : null;
    if (!record.emptyLayer) next++;
    const instruction = parseInstruction(record, declared);
    for (const name of declaredArgs(instruction)) declared.set(name, null);
    const known = defaultOfArg(instruction);
    if (known !== null) declared.set(known.name, known.value);
    instructions.push(instruction);
    return { index, ...record, layer, instruction: instruction.text };
  });
  if (next === layerCount) return { entries, instructions, aligned: true, reason: null };
  return { entries, instructions, aligned: false, reason: disagreement(records.length, next, layerCount) };
}

function disagreement(records: number, made: number, layers: number): string {
  const layersText = layers === 1 ? '1 layer' : `${layers} layers`;
  if (records === 0) return `the config records no history for the ${layersText} of the manifest`;
  const entriesText = made === 1 ? '1 entry that made a layer' : `${made} entries that made a layer`;
  return `the history has ${entriesText}, the manifest has ${layersText}: they are matched from the start, as far as they go`;
}

/** The instruction that made a layer; empty where the history does not say. */
export function instructionOfLayer(alignment: HistoryAlignment, layer: number): string {
  return alignment.entries.find((entry) => entry.layer === layer)?.instruction ?? '';
}
