import { displayWidth } from '../text/width.ts';
import { contextsOf } from './contexts.ts';
import { keyLabel } from './key-names.ts';
import { type Binding, PINNED_BELOW } from './keymap.ts';
import type { Model } from './model.ts';
import { isAvailableOver } from './update.ts';
import { isAvailable } from './view-handlers.ts';

/** A key of the foot line and its word. */
export interface FootKey {
  readonly key: string;
  readonly word: string;
}

/** The foot line in two halves, each from left to right. */
export interface FootHalves {
  /** What works here and now, the most telling first, as many as there is room for. */
  readonly left: readonly FootKey[];
  /** What is never left out, for it leads on: out of here, and to the help. */
  readonly right: readonly FootKey[];
}

/** Cells between two keys, and before the first. */
export const FOOT_GAP = 2;
export const FOOT_MARGIN = 1;

/** The cells of a key and its word. */
export function footWidth({ key, word }: FootKey): number {
  return displayWidth(key) + 1 + displayWidth(word);
}

/** The keys that work here and now, the most telling first, whether there is room for them or not. */
export function footKeys(model: Model): readonly FootKey[] {
  return footBindings(model).map(footKey);
}

/**
 * The keys for a line of so many cells. Where some find no room the word of the help key says how many:
 * those that are left out are the last by rank, never one between others.
 */
export function footHalves(model: Model, width: number): FootHalves {
  const bindings = footBindings(model);
  const right = bindings.filter(isPinned).toReversed();
  const left = bindings.filter((binding) => !isPinned(binding)).map(footKey);
  const whole = right.map(footKey);
  let count = left.length;
  let halves: FootHalves = { left, right: whole };
  while (count > 0 && cellsOf(halves) > width) {
    count--;
    const more = `${left.length - count} more`;
    const told = right.map((binding) => ({
      ...footKey(binding),
      ...(binding.command === 'help' ? { word: more } : {}),
    }));
    // Where no key leads to the help, the number stands alone.
    const lead = right.some(({ command }) => command === 'help')
      ? told
      : [...told, { key: '..', word: more }];
    halves = { left: left.slice(0, count), right: lead };
  }
  return halves;
}

function footBindings(model: Model): readonly Binding[] {
  const contexts = contextsOf(model);
  const overlay = model.overlays.at(-1)?.kind;
  const works = ({ context, foot, command }: Binding): boolean =>
    foot !== undefined &&
    contexts.includes(context) &&
    (overlay === undefined
      ? isAvailable(model, contexts, command)
      : isAvailableOver(model, overlay, command));
  return model.keymap.filter(works).toSorted((a, b) => a.foot!.rank - b.foot!.rank);
}

function isPinned({ foot }: Binding): boolean {
  return foot!.rank < PINNED_BELOW;
}

function footKey({ keys, foot }: Binding): FootKey {
  return { key: keyLabel(keys[0]!), word: foot!.word };
}

function cellsOf({ left, right }: FootHalves): number {
  const all = [...left, ...right];
  return all.reduce((sum, key) => sum + footWidth(key) + FOOT_GAP, 2 * FOOT_MARGIN - FOOT_GAP);
}
