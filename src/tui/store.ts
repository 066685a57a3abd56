import type { Action } from './actions.ts';
import type { Effect } from './effects.ts';
import type { Model } from './model.ts';
import { update } from './update.ts';

/** Holds the model, takes actions, tells those who draw. */
export interface Store {
  readonly model: () => Model;
  readonly dispatch: (action: Action) => void;
  /** Does work that dispatches several actions; whoever draws is told once, after all of them. */
  readonly batch: (work: () => void) => void;
  /** @returns a function that ends the subscription */
  readonly subscribe: (listener: () => void) => () => void;
}

/**
 * A store.
 * @param perform does effects; called after the model they come with is in place
 */
export function createStore(start: Model, perform: (effect: Effect) => void): Store {
  let model = start;
  let told = start;
  let depth = 0;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    if (depth > 0 || told === model) return;
    told = model;
    for (const listener of listeners) listener();
  };
  return {
    model: () => model,
    dispatch(action) {
      const [next, effects] = update(model, action);
      model = next;
      tell();
      for (const effect of effects) perform(effect);
    },
    batch(work) {
      depth++;
      try {
        work();
      } finally {
        depth--;
        tell();
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
