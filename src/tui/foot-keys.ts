import { displayWidth } from '../text/width.ts';
import { contextsOf } from './contexts.ts';
import { keyLabel } from './key-names.ts';
import { type Binding, keyOf, PINNED_BELOW } from './keymap.ts';
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
  /** Keys that work here and now, most important first, as many as fit. */
  readonly left: readonly FootKey[];
  /** Keys that are always shown: help, close, quit. */
  readonly right: readonly FootKey[];
}

/** Cells between two keys, and before the first. */
export const FOOT_GAP = 2;
export const FOOT_MARGIN = 1;

/** Returns the cells of a key and its word. */
export function footWidth({ key, word }: FootKey): number {
  return displayWidth(key) + 1 + displayWidth(word);
}

/** Returns all keys that work here and now, most important first. */
export function footKeys(model: Model): readonly FootKey[] {
  return footBindings(model).map((binding) => footKey(model, binding));
}

/**
 * Returns the keys that fit into `width` cells. Others are left out, by rank; the label of the help key then
 * shows how many.
 */
export function footHalves(model: Model, width: number): FootHalves {
  const bindings = footBindings(model);
  const right = bindings.filter(isPinned).toReversed();
  const draw = (binding: Binding): FootKey => footKey(model, binding);
  const left = bindings.filter((binding) => !isPinned(binding)).map(draw);
  const whole = right.map(draw);
  let count = left.length;
  let halves: FootHalves = { left, right: whole };
  while (count > 0 && cellsOf(halves) > width) {
    count--;
    const more = `${left.length - count} more`;
    const counted = right.map((binding) => ({
      ...draw(binding),
      ...(binding.command === 'help' ? { word: more } : {}),
    }));
    // Without a help key, the number is shown alone.
    const lead = right.some(({ command }) => command === 'help')
      ? counted
      : [...counted, { key: '..', word: more }];
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

/** Labels the key that moves up together with the one that moves down: `up/down`. */
function footKey({ keymap }: Model, { command, context, foot, keys }: Binding): FootKey {
  const down = command === 'up' ? keyOf('down', [context], keymap) : null;
  return { key: [keys[0]!, ...(down === null ? [] : [down])].map(keyLabel).join('/'), word: foot!.word };
}

function cellsOf({ left, right }: FootHalves): number {
  const all = [...left, ...right];
  return all.reduce((sum, key) => sum + footWidth(key) + FOOT_GAP, 2 * FOOT_MARGIN - FOOT_GAP);
}
