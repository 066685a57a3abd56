import type { Action } from './actions.ts';
import { contextsOf, takesText } from './contexts.ts';
import { keyText } from './key-names.ts';
import { commandFor } from './keymap.ts';
import type { Model } from './model.ts';

/** What a key does to a model: a command, a letter of a line being typed, or nothing. */
export function keyAction(model: Model, key: string): Action | null {
  const command = commandFor(key, contextsOf(model), model.keymap);
  if (command !== null) return { type: 'command', command };
  const text = takesText(model) ? keyText(key) : null;
  return text === null ? null : { type: 'text', text };
}
