import type { MouseAction } from '../actions.ts';
import type { Model } from '../model.ts';
import { historyHalves } from '../selectors/dockerfile-view.ts';
import {
  detailHeight,
  layoutOf,
  leftWidth,
  overlaySize,
  PANE_TITLES,
  type Rect,
} from '../selectors/layout.ts';
import { listPage, shownTable } from '../selectors/list-table.ts';
import { layerRows } from '../selectors/layer-rows.ts';
import { tabSpans } from '../selectors/tabs.ts';
import { treeOf } from '../selectors/tree-of.ts';
import { beadAt } from '../selectors/track.ts';
import type { PaneId } from '../views.ts';
import type { Effect } from '../effects.ts';
import { withListRow } from './list-view.ts';
import { withLayerRow } from './go.ts';
import { type Handlers, type Step, step } from './step.ts';

const WHEEL_ROWS = 3;

/**
 * Handles a mouse event: a press selects, a press on the selected row opens it, the wheel scrolls the pane under
 * the pointer, and borders can be dragged. A press outside an overlay closes it.
 * @param panes the handlers of the panes
 * @param run runs a command as its key would
 */
export function moused(
  model: Model,
  event: MouseAction,
  panes: Readonly<Record<PaneId, Handlers>>,
  run: (model: Model, command: 'up' | 'down' | 'open') => Step,
): Step {
  if (!model.mouse) return step(model);
  if (event.kind === 'release') return step({ ...model, drag: null });
  if (event.kind === 'drag') return step(dragged(model, event));
  if (model.overlays.length > 0) {
    if (event.kind !== 'press') return wheeled(model, event, run);
    return step(isBeside(model, event) ? { ...model, overlays: model.overlays.slice(0, -1) } : model);
  }
  const layout = layoutOf(model);
  if (event.kind === 'press' && contains(layout.tabs, event)) {
    const tab = tabSpans(model).find(({ start, end }) => event.x >= start && event.x < end);
    return step(tab === undefined ? model : { ...model, view: tab.id });
  }
  if (model.stacked === null) return step(model);
  if (model.view !== 'layers') {
    if (!contains(layout.body, event)) return step(model);
    if (event.kind !== 'press') return wheeled(model, event, run);
    const row = listRowAt(model, event);
    if (row < 0) return step(model);
    return row === model.lists[model.view].row ? run(model, 'open') : step(withListRow(model, row));
  }
  if (event.kind === 'press' && event.x === layout.borders.left && contains(layout.body, event)) {
    return step({ ...model, drag: 'left' });
  }
  if (event.kind === 'press' && event.y === layout.borders.detail) return step({ ...model, drag: 'detail' });
  const pane = (['layers', 'tree', 'track'] as const).find((id) => {
    const rect = layout.panes[id];
    return rect !== null && contains(rect, event);
  });
  if (pane === undefined) return step(model);
  if (event.kind === 'press') return pressed(model, event, pane, layout.panes[pane]!, panes);
  return scrolled({ ...model, focus: pane }, event.kind === 'wheel-down' ? 'down' : 'up', panes[pane]);
}

/** Moves by {@link WHEEL_ROWS} rows. */
function wheeled(
  model: Model,
  { kind }: MouseAction,
  run: (model: Model, command: 'up' | 'down') => Step,
): Step {
  const effects: Effect[] = [];
  let next = model;
  for (let i = 0; i < WHEEL_ROWS; i++) {
    const [after, wanted] = run(next, kind === 'wheel-down' ? 'down' : 'up');
    next = after;
    effects.push(...wanted);
  }
  return [next, effects];
}

/** Reports whether a press is outside the topmost overlay; a prompt covers only the foot line. */
function isBeside({ overlays, size }: Model, { x, y }: MouseAction): boolean {
  if (overlays.at(-1)!.kind === 'prompt') return y < size.rows - 1;
  const { columns, rows } = overlaySize(size);
  const left = (size.columns - columns) >> 1;
  const top = (size.rows - rows - 2) >> 1;
  return x < left || x >= left + columns || y < top || y >= top + rows + 2;
}

/** Returns the row of the list at a position, or -1 for none. */
function listRowAt(model: Model, { x, y }: MouseAction): number {
  if (model.view === 'layers') return -1;
  const halves = model.view === 'history' ? historyHalves(model) : null;
  if (halves !== null && x >= halves.entries) return -1;
  const at = y - layoutOf(model).body.y - PANE_TITLES;
  if (at < 0 || at >= listPage(model)) return -1;
  const row = model.lists[model.view].top + at;
  return row < (shownTable(model)?.rows.length ?? 0) ? row : -1;
}

function contains(rect: Rect, { x, y }: { x: number; y: number }): boolean {
  return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

function scrolled(model: Model, command: 'up' | 'down', handlers: Handlers): Step {
  let next = model;
  for (let i = 0; i < WHEEL_ROWS; i++) next = handlers[command]!.run(next)[0];
  return step(next);
}

function pressed(
  model: Model,
  event: MouseAction,
  pane: PaneId,
  rect: Rect,
  panes: Readonly<Record<PaneId, Handlers>>,
): Step {
  const focused: Model = { ...model, focus: pane };
  if (pane === 'track') {
    const bead = beadAt(model, event.x - rect.x, event.y - rect.y);
    if (bead < 0) return step(focused);
    return bead === model.bead ? panes.track.open!.run(focused) : step({ ...focused, bead });
  }
  const row = event.y - rect.y - PANE_TITLES;
  if (row < 0) return step(focused);
  if (pane === 'layers') {
    const at = model.layers.top + row;
    return step(at < layerRows(model).length ? withLayerRow(focused, at) : focused);
  }
  const path = treeOf(model)?.pathAt(model.tree.top + row) ?? -1;
  if (path < 0) return step(focused);
  if (path === model.tree.cursor && model.focus === 'tree') return panes.tree.open!.run(focused);
  return step({ ...focused, tree: { ...model.tree, cursor: path } });
}

function dragged(model: Model, { x, y }: MouseAction): Model {
  if (model.drag === 'left') {
    const panes = { ...model.panes, left: x };
    return { ...model, panes: { ...panes, left: leftWidth({ ...model, panes }) } };
  }
  if (model.drag === 'detail') {
    const { body } = layoutOf(model);
    const panes = { ...model.panes, detail: body.y + body.height - 1 - y };
    return { ...model, panes: { ...panes, detail: detailHeight({ ...model, panes }) } };
  }
  return model;
}
