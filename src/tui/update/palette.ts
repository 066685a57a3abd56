import type { Model } from '../model.ts';
import type { Overlay } from '../overlay.ts';
import { overlaySize } from '../selectors/layout.ts';
import { closed, lineHandlers, withTop } from './overlays.ts';
import { moveHandlers, movedCursor } from './list-move.ts';
import type { CommandName } from '../commands.ts';
import { type Handlers, type Step, step } from './step.ts';

type Palette = Extract<Overlay, { kind: 'palette' }>;

/**
 * Returns the commands of the palette.
 * @param entriesOf returns its entries, in order
 * @param run runs a command as if its key had been pressed in the view
 */
export function palette(
  entriesOf: (model: Model, overlay: Palette) => readonly { readonly command: CommandName }[],
  run: (model: Model, command: CommandName) => Step,
): Handlers {
  return {
    ...moveHandlers((model, move) => {
      const overlay = model.overlays.at(-1) as Palette;
      const page = overlaySize(model.size).rows - 2;
      const count = entriesOf(model, overlay).length;
      return withTop(model, { ...overlay, cursor: movedCursor(overlay.cursor, move, count, page) });
    }),
    ...lineHandlers(paletteTyped),
    accept: {
      run: (model) => {
        const overlay = model.overlays.at(-1) as Palette;
        const entry = entriesOf(model, overlay)[overlay.cursor];
        return entry === undefined ? step(model) : run(closed(model), entry.command);
      },
    },
    back: { run: (model) => step(closed(model)) },
  };
}

/** Selects the best match. */
export function paletteTyped(model: Model): Step {
  return step(withTop(model, { ...(model.overlays.at(-1) as Palette), cursor: 0 }));
}
