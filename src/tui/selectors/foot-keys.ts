import { handlerFor } from '../available.ts';
import { contextsOf } from '../contexts.ts';
import { keyLabel } from '../key-names.ts';
import { KEYMAP } from '../keymap.ts';
import type { Model } from '../model.ts';

/** A key of the foot line and its word. */
export interface FootKey {
  readonly key: string;
  readonly word: string;
}

/** The keys that work here and now, the most telling first. */
export function footKeys(model: Model): readonly FootKey[] {
  const contexts = contextsOf(model);
  return KEYMAP.filter(
    ({ context, foot, command }) =>
      foot !== undefined && contexts.includes(context) && isAvailable(model, command),
  )
    .toSorted((a, b) => a.foot!.rank - b.foot!.rank)
    .map(({ keys, foot }) => ({ key: keyLabel(keys[0]!), word: foot!.word }));
}

function isAvailable(model: Model, command: Parameters<typeof handlerFor>[1]): boolean {
  const handler = handlerFor(contextsOf(model), command);
  return handler !== null && (handler.when?.(model) ?? true);
}
