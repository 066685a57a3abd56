import type { Model } from '../model.ts';
import type { Overlay } from '../overlay.ts';
import { imageEntries } from '../selectors/image-entries.ts';
import { overlaySize } from '../selectors/layout.ts';
import { moveHandlers, movedCursor } from './list-move.ts';
import { closed, lineHandlers, withTop } from './overlays.ts';
import { type Handlers, type Step, step, told } from './step.ts';

type Images = Extract<Overlay, { kind: 'images' }>;

/** Commands of the image switcher. */
export const images: Handlers = {
  ...moveHandlers((model, move) => {
    const overlay = model.overlays.at(-1) as Images;
    const page = overlaySize(model.size).rows - 2;
    const count = imageEntries(model, overlay).length;
    return withTop(model, { ...overlay, cursor: movedCursor(overlay.cursor, move, count, page) });
  }),
  ...lineHandlers(imagesTyped),
  accept: { run: accepted },
  back: { run: (model) => step(closed(model)) },
};

/** Selects the best match. */
export function imagesTyped(model: Model): Step {
  return step(withTop(model, { ...(model.overlays.at(-1) as Images), cursor: 0 }));
}

function accepted(model: Model): Step {
  const overlay = model.overlays.at(-1) as Images;
  const chosen = imageEntries(model, overlay)[overlay.cursor]?.image;
  if (chosen === undefined) return step(model);
  const { current, locked } = model.images;
  if (chosen.index === current) return step(closed(model));
  const refused = chosen.missing ?? locked;
  if (refused !== null) return step(told(closed(model), refused, 'error'));
  return [closed(model), [{ type: 'switch', image: chosen.index }]];
}
