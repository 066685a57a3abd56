import type { Action } from './actions.ts';
import type { Effect } from './effects.ts';
import type { Model } from './model.ts';
import { update } from './update.ts';

/** Holds the model, takes actions, tells those who draw. */
export interface Store {
  readonly model: () => Model;
  /** Takes actions in order; whoever draws is told once. */
  readonly dispatch: (...actions: readonly Action[]) => void;
  /** @returns a function that ends the subscription */
  readonly subscribe: (listener: () => void) => () => void;
}

/**
 * A store.
 * @param perform does effects; called after the model they come with is in place
 */
export function createStore(start: Model, perform: (effect: Effect) => void): Store {
  let model = start;
  const listeners = new Set<() => void>();
  return {
    model: () => model,
    dispatch(...actions) {
      const before = model;
      const wanted: Effect[] = [];
      for (const action of actions) {
        const [next, effects] = update(model, action);
        model = next;
        wanted.push(...effects);
      }
      if (model !== before) for (const listener of listeners) listener();
      for (const effect of wanted) perform(effect);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
