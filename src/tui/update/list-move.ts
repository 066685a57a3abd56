import type { CommandName } from '../commands.ts';
import type { Model } from '../model.ts';
import { type Handlers, step } from './step.ts';

const MOVES = ['up', 'down', 'page-up', 'page-down', 'half-up', 'half-down', 'first', 'last'] as const;
export type Move = (typeof MOVES)[number];

/**
 * Returns the new position of a cursor in a list.
 * @param page visible rows
 * @returns a row from 0 to count - 1; 0 for an empty list
 */
export function movedCursor(cursor: number, move: Move, count: number, page: number): number {
  const by: Readonly<Record<Move, number>> = {
    up: -1,
    down: 1,
    'page-up': -Math.max(1, page - 1),
    'page-down': Math.max(1, page - 1),
    'half-up': -Math.max(1, page >> 1),
    'half-down': Math.max(1, page >> 1),
    first: -count,
    last: count,
  };
  return Math.max(0, Math.min(count - 1, cursor + by[move]));
}

/** Returns handlers for all movements in a list. */
export function moveHandlers(run: (model: Model, move: Move) => Model): Handlers {
  return Object.fromEntries(
    MOVES.map((move) => [move, { run: (model: Model) => step(run(model, move)) }]),
  ) satisfies Partial<Record<CommandName, unknown>>;
}
