import { KEPT_READINGS, type KeptState } from './kept-shape.ts';
import type { Model } from './model.ts';
import { selectedLayer } from './selectors/layer-rows.ts';
import { TREE_COLUMN_NAMES } from './tree/column-names.ts';
import { SORT_KEYS } from './tree/siblings.ts';
import { PANES, VIEWS } from './views.ts';

/** Returns the state to save. */
export function keptState(model: Model): KeptState {
  const { exactSizes, focus, panes, stacked, tree, view } = model;
  const { columns, cursor, sort } = tree;
  // A comparison is not saved.
  const reading = tree.reading === 'between' ? tree.readingBefore : tree.reading;
  return {
    version: 1,
    // The next session may have no report to retest.
    view: view === 'retest' ? 'layers' : view,
    focus,
    left: panes.left,
    detail: panes.detail,
    reading: KEPT_READINGS.find((each) => each === reading) ?? 'changes',
    sort,
    columns,
    exactSizes,
    layer: stacked === null || stacked.layers.length === 0 ? null : selectedLayer(model),
    path:
      stacked === null || cursor <= 0
        ? null
        : Buffer.from(stacked.ledger.paths.path(cursor)).toString('base64'),
  };
}

/** Parses a saved state; null if this version did not write it. */
export function parseKept(value: unknown): KeptState | null {
  if (typeof value !== 'object' || value === null) return null;
  const kept = {
    ...(value as Readonly<Record<string, unknown>>),
    // Earlier states call the view of deleted files by its version 1 name.
    ...((value as { view?: unknown }).view === 'ghosts' /* version 1 */ ? { view: 'deleted' } : {}),
  } as Readonly<Record<string, unknown>>;
  const columns = kept['columns'] as Readonly<Record<string, unknown>> | null | undefined;
  const isCells = (cells: unknown): boolean =>
    cells === null || (Number.isInteger(cells) && (cells as number) > 0 && (cells as number) < 10_000);
  const sound =
    kept['version'] === 1 &&
    VIEWS.some(({ id }) => id === kept['view']) &&
    PANES.some((id) => id === kept['focus']) &&
    KEPT_READINGS.some((id) => id === kept['reading']) &&
    SORT_KEYS.some((id) => id === kept['sort']) &&
    isCells(kept['left']) &&
    isCells(kept['detail']) &&
    typeof kept['exactSizes'] === 'boolean' &&
    (kept['layer'] === null || (Number.isInteger(kept['layer']) && (kept['layer'] as number) >= 0)) &&
    (kept['path'] === null || typeof kept['path'] === 'string') &&
    typeof columns === 'object' &&
    columns !== null &&
    TREE_COLUMN_NAMES.every((name) => typeof columns[name] === 'boolean');
  return sound ? (kept as unknown as KeptState) : null;
}
