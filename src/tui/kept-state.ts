import type { Model, TreeColumnsShown } from './model.ts';
import { selectedLayer } from './selectors/layer-rows.ts';
import { SORT_KEYS, type SortKey } from './tree/siblings.ts';
import { PANES, type PaneId, VIEWS, type ViewId } from './views.ts';
import { withLayer, withPath } from './update/go.ts';

const READINGS = ['changes', 'after', 'final'] as const;

/** Where a person was in an image and how it was shown: what is kept for when it is opened again. */
export interface KeptState {
  readonly version: 1;
  readonly view: ViewId;
  readonly focus: PaneId;
  /** Cells; null: as the screen's size suggests. */
  readonly left: number | null;
  readonly detail: number | null;
  readonly reading: (typeof READINGS)[number];
  readonly sort: SortKey;
  readonly columns: TreeColumnsShown;
  readonly exactSizes: boolean;
  readonly layer: number | null;
  /** Raw bytes of the path under the tree's cursor, base64; null where there was none. */
  readonly path: string | null;
}

/** What of a model is kept. */
export function keptState(model: Model): KeptState {
  const { exactSizes, focus, panes, stacked, tree, view } = model;
  const { columns, cursor, sort } = tree;
  // A comparison belongs to a moment.
  const reading = tree.reading === 'between' ? tree.readingBefore : tree.reading;
  return {
    version: 1,
    // Whoever opens the image again may have no report at hand.
    view: view === 'retest' ? 'layers' : view,
    focus,
    left: panes.left,
    detail: panes.detail,
    reading: READINGS.find((each) => each === reading) ?? 'changes',
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

/** Reads what was kept; null where it is nothing that this version wrote. */
export function parseKept(value: unknown): KeptState | null {
  if (typeof value !== 'object' || value === null) return null;
  const kept = value as Readonly<Record<string, unknown>>;
  const columns = kept['columns'] as Readonly<Record<string, unknown>> | null | undefined;
  const isCells = (cells: unknown): boolean =>
    cells === null || (Number.isInteger(cells) && (cells as number) > 0 && (cells as number) < 10_000);
  const sound =
    kept['version'] === 1 &&
    VIEWS.some(({ id }) => id === kept['view']) &&
    PANES.some((id) => id === kept['focus']) &&
    READINGS.some((id) => id === kept['reading']) &&
    SORT_KEYS.some((id) => id === kept['sort']) &&
    isCells(kept['left']) &&
    isCells(kept['detail']) &&
    typeof kept['exactSizes'] === 'boolean' &&
    (kept['layer'] === null || (Number.isInteger(kept['layer']) && (kept['layer'] as number) >= 0)) &&
    (kept['path'] === null || typeof kept['path'] === 'string') &&
    typeof columns === 'object' &&
    columns !== null &&
    ['mode', 'owner', 'size', 'lost', 'mtime'].every((name) => typeof columns[name] === 'boolean');
  return sound ? (value as KeptState) : null;
}

/** The model as it was left: how things are shown at once, the place once {@link withKeptPlace} can find it. */
export function withKept(model: Model, kept: KeptState): Model {
  const { columns, detail, exactSizes, focus, left, reading, sort, view } = kept;
  return {
    ...model,
    view,
    focus,
    panes: { ...model.panes, left, detail },
    tree: { ...model.tree, reading, sort, columns },
    exactSizes,
    kept,
  };
}

/** Goes to the layer and the path that were left, once all layers are there. */
export function withKeptPlace(model: Model): Model {
  const { kept, stacked } = model;
  if (kept === null || stacked === null || !stacked.complete) return model;
  const { layer, path } = kept;
  const there = layer === null ? model : withLayer(model, layer);
  const id = path === null ? -1 : stacked.ledger.paths.lookup(Buffer.from(path, 'base64'));
  const placed = id > 0 ? withPath(there, id, null) : there;
  return { ...placed, view: kept.view, focus: kept.focus, message: model.message, kept: null };
}
