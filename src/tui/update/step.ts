import type { CommandName } from '../commands.ts';
import type { Effect } from '../effects.ts';
import type { Model } from '../model.ts';

/** The result of an action: the next model and the effects to perform. */
export type Step = readonly [model: Model, effects: readonly Effect[]];

/** A command in a context. */
export interface Handler {
  readonly run: (model: Model) => Step;
  /** Reports whether the command is available now; default: always. The foot line and the palette depend on it. */
  readonly when?: (model: Model) => boolean;
}

export type Handlers = Readonly<Partial<Record<CommandName, Handler>>>;

/** Returns a step without effects. */
export function step(model: Model): Step {
  return [model, []];
}

/** Returns the model with a message. */
export function told(model: Model, text: string, kind: 'info' | 'error' = 'info'): Model {
  return { ...model, message: { kind, text } };
}
