import type { CommandName } from '../commands.ts';
import type { Effect } from '../effects.ts';
import type { Model } from '../model.ts';

/** What an action makes of the model, and what it wants done outside. */
export type Step = readonly [model: Model, effects: readonly Effect[]];

/** What a command does in a context. */
export interface Handler {
  readonly run: (model: Model) => Step;
  /** Whether it does anything here and now; always unless given. Decides what foot line and palette offer. */
  readonly when?: (model: Model) => boolean;
}

export type Handlers = Readonly<Partial<Record<CommandName, Handler>>>;

/** A step without effects. */
export function step(model: Model): Step {
  return [model, []];
}

/** The model with a line told to the person. */
export function told(model: Model, text: string, kind: 'info' | 'error' = 'info'): Model {
  return { ...model, message: { kind, text } };
}
