import type { MouseAction } from './actions.ts';
import { keyText } from './key-names.ts';
import { type PickModel, pickRowAt, updatePick } from './pick.ts';

/** The picker after an input event, and what to do next. */
export interface PickStep {
  readonly pick: PickModel;
  readonly wants: 'open' | 'leave' | null;
}

const MOVES: Readonly<Record<string, number>> = { up: -1, down: 1, pageup: -10, pagedown: 10 };

const WHEEL_ROWS = 3;

/** Handles a key: characters extend the query, Esc clears it and then quits. */
export function pickKey(pick: PickModel, key: string): PickStep {
  switch (key) {
    case 'enter':
      return { pick, wants: 'open' };
    case 'ctrl-c':
      return { pick, wants: 'leave' };
    case 'esc':
      return pick.query === '' ? { pick, wants: 'leave' } : stay(searched(pick, ''));
    case 'home':
    case 'end':
      return stay(updatePick(pick, { type: 'go', to: key === 'home' ? 'first' : 'last' }));
    case 'backspace':
      return stay(searched(pick, pick.query.slice(0, -1)));
    default: {
      const by = MOVES[key];
      if (by !== undefined) return stay(updatePick(pick, { type: 'move', by }));
      const text = keyText(key);
      return stay(text === null ? pick : searched(pick, pick.query + text));
    }
  }
}

/** Handles the mouse: a press selects a row, a press on the selected row opens it, the wheel moves. */
export function pickMouse(pick: PickModel, { kind, y }: MouseAction): PickStep {
  if (kind === 'wheel-up' || kind === 'wheel-down') {
    return stay(updatePick(pick, { type: 'move', by: kind === 'wheel-up' ? -WHEEL_ROWS : WHEEL_ROWS }));
  }
  const row = kind === 'press' ? pickRowAt(pick, y) : -1;
  if (row < 0) return stay(pick);
  if (row === pick.cursor) return { pick, wants: 'open' };
  return stay(updatePick(pick, { type: 'move', by: row - pick.cursor }));
}

function stay(pick: PickModel): PickStep {
  return { pick, wants: null };
}

function searched(pick: PickModel, query: string): PickModel {
  return updatePick(pick, { type: 'search', query });
}
