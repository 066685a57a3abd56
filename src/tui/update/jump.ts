import { lineText } from '../line-edit.ts';
import type { Model } from '../model.ts';
import type { Action } from '../actions.ts';
import type { Overlay } from '../overlay.ts';
import { overlaySize } from '../selectors/layout.ts';
import { withPath } from './go.ts';
import { closed, lineHandlers, withTop } from './overlays.ts';
import { moveHandlers, movedCursor } from './list-move.ts';
import { type Handlers, type Step, step } from './step.ts';

type Jump = Extract<Overlay, { kind: 'jump' }>;

/** Commands of the path search. */
export const jump: Handlers = {
  ...moveHandlers((model, move) => {
    const overlay = model.overlays.at(-1) as Jump;
    const page = overlaySize(model.size).rows - 2;
    return withTop(model, {
      ...overlay,
      cursor: movedCursor(overlay.cursor, move, overlay.found.length, page),
    });
  }),
  ...lineHandlers(jumpTyped),
  accept: {
    run: (model) => {
      const overlay = model.overlays.at(-1) as Jump;
      const found = overlay.found[overlay.cursor];
      if (found === undefined) return step(model);
      return [withPath(closed(model), found.path, null), [{ type: 'search', query: '' }]];
    },
  },
  back: { run: (model) => [closed(model), [{ type: 'search', query: '' }]] },
};

/** Starts a new search; keeps the old results until new ones arrive. */
export function jumpTyped(model: Model): Step {
  const overlay = model.overlays.at(-1) as Jump;
  const query = lineText(overlay.line);
  const reset: Jump = {
    ...overlay,
    cursor: 0,
    searched: 0,
    ...(query === '' ? { found: [], matches: 0 } : {}),
  };
  return [withTop(model, reset), [{ type: 'search', query }]];
}

/** Stores search results; drops those of an older query. */
export function withFound(model: Model, action: Extract<Action, { type: 'found' }>): Model {
  const at = model.overlays.findIndex((each) => each.kind === 'jump');
  const overlay = model.overlays[at];
  if (overlay?.kind !== 'jump' || lineText(overlay.line) !== action.query) return model;
  const { found, searched, total, matches } = action;
  const cursor = Math.max(0, Math.min(overlay.cursor, found.length - 1));
  return {
    ...model,
    overlays: model.overlays.with(at, { ...overlay, found, searched, total, matches, cursor }),
  };
}
