import type { Overlay } from '../overlay.ts';
import { overlaySize } from '../selectors/layout.ts';
import { helpLines } from '../selectors/help-lines.ts';
import { closed, withTop } from './overlays.ts';
import { moveHandlers, movedCursor } from './list-move.ts';
import { type Handlers, step } from './step.ts';

type Help = Extract<Overlay, { kind: 'help' }>;

/** Commands of the help. */
export const help: Handlers = {
  ...moveHandlers((model, move) => {
    const overlay = model.overlays.at(-1) as Help;
    const page = overlaySize(model.size).rows;
    const most = Math.max(1, helpLines(model).length - page + 1);
    return withTop(model, { ...overlay, top: movedCursor(overlay.top, move, most, page) });
  }),
  back: { run: (model) => step(closed(model)) },
};
