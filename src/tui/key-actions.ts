import type { Action } from './actions.ts';
import { contextsOf, takesText } from './contexts.ts';
import { keyText } from './key-names.ts';
import { commandFor } from './keymap.ts';
import type { Model } from './model.ts';
import { unboundText } from './unavailable.ts';

/** Returns the action of a key: a command, typed text, or a message that the key is not bound. */
export function keyAction(model: Model, key: string): Action {
  const contexts = contextsOf(model);
  const command = commandFor(key, contexts, model.keymap);
  if (command !== null) return { type: 'command', command };
  const text = takesText(model) ? keyText(key) : null;
  if (text !== null) return { type: 'text', text };
  return { type: 'told', message: { kind: 'info', text: unboundText(key, contexts, model) } };
}
