import { contextsOf } from '../contexts.ts';
import { keyLabel } from '../key-names.ts';
import type { Binding } from '../keymap.ts';
import type { Model } from '../model.ts';
import { isAvailable } from '../view-handlers.ts';

/** A key of the foot line and its word. */
export interface FootKey {
  readonly key: string;
  readonly word: string;
}

/** The keys that work here and now, the most telling first. */
export function footKeys(model: Model): readonly FootKey[] {
  const contexts = contextsOf(model);
  const isOverlaid = model.overlays.length > 0;
  const works = ({ context, foot, command }: Binding): boolean =>
    foot !== undefined && contexts.includes(context) && (isOverlaid || isAvailable(model, contexts, command));
  return model.keymap
    .filter(works)
    .toSorted((a, b) => a.foot!.rank - b.foot!.rank)
    .map(({ keys, foot }) => ({ key: keyLabel(keys[0]!), word: foot!.word }));
}
