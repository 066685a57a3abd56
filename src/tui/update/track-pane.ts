import type { Model } from '../model.ts';
import { selectedBead, selectedLine } from '../selectors/path-line.ts';
import { withPath } from './go.ts';
import { moveHandlers, movedCursor } from './list-move.ts';
import { type Handlers, step } from './step.ts';

/** Commands of the path history. */
export const trackPane: Handlers = {
  ...moveHandlers((model, move) => {
    const line = selectedLine(model);
    if (line === null || line.beads.length === 0) return model;
    return { ...model, bead: movedCursor(selectedBead(model, line), move, line.beads.length, 5) };
  }),
  open: {
    run: (model) => {
      const line = selectedLine(model);
      const bead = line?.beads[selectedBead(model, line)];
      if (line === null || bead === undefined) return step(model);
      const there: Model = withPath(model, line.path, bead.layer);
      return step({ ...there, focus: 'track', bead: null });
    },
    when: (model) => (selectedLine(model)?.beads.length ?? 0) > 0,
  },
};
