import type { Model } from '../model.ts';
import type { Overlay } from '../overlay.ts';
import { showOptions } from '../selectors/show-options.ts';
import { withBaseHidden } from './hide-base.ts';
import { closed, withTop } from './overlays.ts';
import { moveHandlers, movedCursor } from './list-move.ts';
import { type Handlers, step } from './step.ts';

type Menu = Extract<Overlay, { kind: 'menu' }>;

/** Commands of the Show menu. */
export const showMenu: Handlers = {
  ...moveHandlers((model, move) => {
    const overlay = model.overlays.at(-1) as Menu;
    const count = showOptions(model).length;
    return withTop(model, { ...overlay, cursor: movedCursor(overlay.cursor, move, count, count) });
  }),
  'toggle-option': {
    run: (model) => {
      const option = showOptions(model)[(model.overlays.at(-1) as Menu).cursor];
      return step(option === undefined ? model : switched(model, option.id));
    },
  },
  back: { run: (model) => step(closed(model)) },
};

function switched(model: Model, id: ReturnType<typeof showOptions>[number]['id']): Model {
  const { tree } = model;
  if (id.startsWith('column:')) {
    const name = id.slice('column:'.length) as keyof typeof tree.columns;
    return { ...model, tree: { ...tree, columns: { ...tree.columns, [name]: !tree.columns[name] } } };
  }
  // Hiding the base affects every view.
  if (id === 'base') return withBaseHidden(model)[0];
  const name = id as keyof typeof tree.show;
  return { ...model, tree: { ...tree, show: { ...tree.show, [name]: !tree.show[name] } } };
}
