import type { HistoryRecord } from '../image/config.ts';
import { declaredArgs, defaultOfArg, type Instruction, parseInstruction } from './instruction.ts';

/** One element of `history[]` in the JSON output. */
export interface HistoryEntry {
  readonly index: number;
  readonly created: string | null;
  readonly createdBy: string | null;
  readonly comment: string | null;
  readonly author: string | null;
  readonly emptyLayer: boolean;
  /** The layer that this entry created; null if it created none. */
  readonly layer: number | null;
  readonly instruction: string;
}

/** History entries matched with layers. */
export interface HistoryAlignment {
  readonly entries: readonly HistoryEntry[];
  /** The parsed instruction of each entry. */
  readonly instructions: readonly Instruction[];
  /** False if the number of entries and layers differ: entries are then matched in order until one side runs out. */
  readonly aligned: boolean;
  /** Why the history is not aligned; null if it is. */
  readonly reason: string | null;
}

/**
 * Assigns the next layer to each history entry that is not empty (image-spec, config.md, "history").
 * @param layerCount number of layers in the manifest
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
  if (records === 0) return `the config has no history, but the manifest has ${layersText}`;
  const entriesText = made === 1 ? '1 entry with a layer' : `${made} entries with a layer`;
  return `the history has ${entriesText}, but the manifest has ${layersText}: they are matched in order, from the bottom layer up`;
}

/** Returns the instruction that created a layer; '' if the history does not say. */
export function instructionOfLayer(alignment: HistoryAlignment, layer: number): string {
  return alignment.entries.find((entry) => entry.layer === layer)?.instruction ?? '';
}
