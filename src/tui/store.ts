import type { Action } from './actions.ts';
import type { Effect } from './effects.ts';
import type { Model } from './model.ts';
import { update } from './update.ts';

/** Holds the model, applies actions and notifies subscribers. */
export interface Store {
  readonly model: () => Model;
  readonly dispatch: (action: Action) => void;
  /** Runs work that dispatches several actions; notifies subscribers once, at the end. */
  readonly batch: (work: () => void) => void;
  /** @returns a function that unsubscribes */
  readonly subscribe: (listener: () => void) => () => void;
}

/**
 * Returns a store.
 * @param perform performs effects; called after the model has been updated
 */
export function createStore(start: Model, perform: (effect: Effect) => void): Store {
  let model = start;
  let notified = start;
  let depth = 0;
  const listeners = new Set<() => void>();
  const notify = (): void => {
    if (depth > 0 || notified === model) return;
    notified = model;
    for (const listener of listeners) listener();
  };
  return {
    model: () => model,
    dispatch(action) {
      const [next, effects] = update(model, action);
      model = next;
      notify();
      for (const effect of effects) perform(effect);
    },
    batch(work) {
      depth++;
      try {
        work();
      } finally {
        depth--;
        notify();
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
