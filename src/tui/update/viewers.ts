import { lineText, EMPTY_LINE } from '../line-edit.ts';
import type { Model } from '../model.ts';
import type { Overlay } from '../overlay.ts';
import { treeOf } from '../selectors/tree-of.ts';
import { closed, withTop } from './overlays.ts';
import { type Step, step, told } from './step.ts';

/** A program of the person's own that shows a file. */
export type Viewer = 'pager' | 'editor';

/**
 * Shows the content in another program, where nothing is covered: asked the first time, since it may
 * be read over a shoulder. Every time is logged.
 */
export function viewed(model: Model, viewer: Viewer): Step {
  if (model.seesUncovered) return shown(model, viewer);
  const prompt: Overlay = { kind: 'prompt', ask: viewer, line: EMPTY_LINE, error: null };
  return step({ ...model, overlays: [...model.overlays, prompt] });
}

/** What was answered: yes, or no, or neither. */
export function viewAnswered(
  model: Model,
  overlay: Extract<Overlay, { kind: 'prompt' }>,
  viewer: Viewer,
): Step {
  const answer = lineText(overlay.line).trim();
  if (/^(?:n|no)?$/i.test(answer)) return step(told(closed(model), 'not shown'));
  if (!/^y(?:es)?$/i.test(answer)) return step(withTop(model, { ...overlay, error: 'y or n' }));
  return shown({ ...closed(model), seesUncovered: true }, viewer);
}

function shown(model: Model, viewer: Viewer): Step {
  const { columns } = treeOf(model)!.shown;
  const path = model.tree.cursor;
  const entry = columns.ledger.entryOf(columns.event[path]! - 1);
  return [model, [{ type: 'view', viewer, content: { path, layer: columns.holder[path]!, entry } }]];
}
