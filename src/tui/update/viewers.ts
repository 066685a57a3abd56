import { EMPTY_LINE, lineText } from '../line-edit.ts';
import type { Model } from '../model.ts';
import type { Overlay } from '../overlay.ts';
import { treeOf } from '../selectors/tree-of.ts';
import { isFileAt } from '../tree/seen.ts';
import { closed, withTop } from './overlays.ts';
import { type Step, step, told } from './step.ts';

/** A program of the person's own that shows a file. */
export type Viewer = 'pager' | 'editor';

/** Whether a file with a content is under the cursor of the tree. */
export function onContent(model: Model): boolean {
  const tree = treeOf(model);
  const path = model.tree.cursor;
  if (tree === null || path <= 0 || tree.shown.columns.event[path] === 0) return false;
  return isFileAt(tree.shown.columns, path);
}

/**
 * Shows the content in another program. Nothing is covered there, so the first time of a session asks:
 * someone may be looking over a shoulder.
 */
export function viewed(model: Model, viewer: Viewer): Step {
  if (model.seesUncovered) return shown(model, viewer);
  const prompt: Overlay = { kind: 'prompt', ask: viewer, line: EMPTY_LINE, error: null };
  return step({ ...model, overlays: [...model.overlays, prompt] });
}

/** What was answered: yes, once for all of the session; no, also by Enter alone; or neither. */
export function viewAnswered(
  model: Model,
  overlay: Extract<Overlay, { kind: 'prompt' }>,
  viewer: Viewer,
): Step {
  const answer = lineText(overlay.line).trim();
  if (/^(?:no?)?$/i.test(answer)) return step(told(closed(model), 'not shown'));
  if (!/^y(?:es)?$/i.test(answer)) return step(withTop(model, { ...overlay, error: 'y or n' }));
  return shown({ ...closed(model), seesUncovered: true }, viewer);
}

function shown(model: Model, viewer: Viewer): Step {
  // Layers that arrived meanwhile may have taken the content from under the cursor.
  if (!onContent(model)) return step(told(model, 'it is no longer there'));
  const { columns } = treeOf(model)!.shown;
  const path = model.tree.cursor;
  const { entry, layer } = columns.ledger.placeOf(columns.event[path]! - 1);
  return [model, [{ type: 'view', viewer, content: { path, layer, entry } }]];
}
