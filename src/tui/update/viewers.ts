import { EMPTY_LINE, lineText } from '../line-edit.ts';
import type { Model } from '../model.ts';
import type { Overlay } from '../overlay.ts';
import { treeOf } from '../selectors/tree-of.ts';
import { isFileAt } from '../tree/seen.ts';
import { closed, withTop } from './overlays.ts';
import { type Step, step, told } from './step.ts';

/** The user's program that shows a file. */
export type Viewer = 'pager' | 'editor';

/** Reports whether the selected path of the tree is a file with content. */
export function onContent(model: Model): boolean {
  const tree = treeOf(model);
  const path = model.tree.cursor;
  if (tree === null || path <= 0 || tree.shown.columns.event[path] === 0) return false;
  return isFileAt(tree.shown.columns, path);
}

/**
 * Opens the content in another program. It masks nothing, so the first time in a session asks for confirmation.
 */
export function viewed(model: Model, viewer: Viewer): Step {
  if (model.seesUncovered) return shown(model, viewer);
  const program = model.viewers[viewer];
  const prompt: Overlay = { kind: 'prompt', ask: viewer, program, line: EMPTY_LINE, error: null };
  return step({ ...model, overlays: [...model.overlays, prompt] });
}

/** Handles the answer: yes, which holds for the session; no, also Enter alone; anything else is an error. */
export function viewAnswered(
  model: Model,
  overlay: Extract<Overlay, { kind: 'prompt' }>,
  viewer: Viewer,
): Step {
  const answer = lineText(overlay.line).trim();
  if (/^(?:no?)?$/i.test(answer)) return step(told(closed(model), 'not opened'));
  if (!/^y(?:es)?$/i.test(answer)) return step(withTop(model, { ...overlay, error: 'type y or n' }));
  return shown({ ...closed(model), seesUncovered: true }, viewer);
}

function shown(model: Model, viewer: Viewer): Step {
  // A layer read in the meantime may have changed the selection.
  if (!onContent(model)) return step(told(model, 'the file is no longer selected'));
  const { columns } = treeOf(model)!.shown;
  const path = model.tree.cursor;
  const { entry, layer } = columns.ledger.placeOf(columns.event[path]! - 1);
  return [model, [{ type: 'view', viewer, content: { path, layer, entry } }]];
}
