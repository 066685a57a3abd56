import type { Model } from '../model.ts';
import type { TreeFilter } from '../tree/filter.ts';
import { lineText } from '../line-edit.ts';
import type { Overlay } from '../overlay.ts';
import { parseFilter } from '../tree/filter.ts';
import { caseAccepted } from './case-commands.ts';
import { withLayer, withoutFilter } from './go.ts';
import { closed, lineHandlers, withTop } from './overlays.ts';
import { revealedNumber, withSearch } from './preview.ts';
import { type Handlers, type Step, step, told } from './step.ts';
import { viewAnswered } from './viewers.ts';

type Prompt = Extract<Overlay, { kind: 'prompt' }>;

/** Commands of the prompt in the foot line. */
export const prompt: Handlers = {
  ...lineHandlers(promptTyped),
  accept: { run: (model) => accepted(model, model.overlays.at(-1) as Prompt) },
  back: {
    run: (model) => {
      const isFilter = (model.overlays.at(-1) as Prompt).ask === 'filter';
      return step(closed(isFilter ? withoutFilter(model) : model));
    },
  },
};

/** Applies a filter while it is being typed. */
export function promptTyped(model: Model): Step {
  const overlay = model.overlays.at(-1) as Prompt;
  if (overlay.ask !== 'filter') return step(withTop(model, { ...overlay, error: null }));
  const text = lineText(overlay.line);
  if (text === '') return step(withTop(withoutFilter(model), { ...overlay, error: null }));
  const parsed = parseFilter(text);
  if (!parsed.ok) return step(withTop(model, { ...overlay, error: parsed.message }));
  const filter: TreeFilter = { text, matches: model.tree.filter?.matches ?? null };
  const next = withTop({ ...model, tree: { ...model.tree, filter } }, { ...overlay, error: null });
  return [next, [{ type: 'filter', filter }]];
}

function accepted(model: Model, overlay: Prompt): Step {
  if (overlay.error !== null) return step(model);
  if (overlay.ask === 'filter') return step({ ...closed(model), focus: 'tree' });
  if (overlay.ask === 'search') return step(withSearch(closed(model), lineText(overlay.line)));
  const text = lineText(overlay.line).trim();
  if (overlay.ask === 'reveal') return revealedNumber(model, overlay, text);
  if (overlay.ask === 'pager' || overlay.ask === 'editor') return viewAnswered(model, overlay, overlay.ask);
  if (overlay.ask !== 'layer') return caseAccepted(model, overlay);
  if (text === '') return step(closed(model));
  const layer = Number(text);
  const count = model.stacked?.layers.length ?? 0;
  if (!/^\d+$/.test(text) || layer >= count) {
    return step(withTop(model, { ...overlay, error: `type a number from 0 to ${count - 1}` }));
  }
  return step(told(closed(withLayer(model, layer)), `layer ${layer}`));
}
