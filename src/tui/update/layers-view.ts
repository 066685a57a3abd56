import type { Model, PaneSizes, TreeState } from '../model.ts';
import type { PlainPromptKind } from '../overlay.ts';
import { detailHeight, leftWidth } from '../selectors/layout.ts';
import { selectedLayer, standingLayer } from '../selectors/layer-rows.ts';
import { treeOf } from '../selectors/tree-of.ts';
import { escapeBytes } from '../../text/escape.ts';
import { EMPTY_LINE } from '../line-edit.ts';
import { revealed } from '../tree/folds.ts';
import type { ReadingKind } from '../tree/reading.ts';
import { SORT_KEYS } from '../tree/siblings.ts';
import { PANES } from '../views.ts';
import { asksToExtract } from './extract.ts';
import { withFittingCursor, withNextLayer } from './go.ts';
import { openPreview } from './preview.ts';
import { type Handlers, type Step, step, told } from './step.ts';
import { onContent, viewed } from './viewers.ts';

/** Commands of every pane of the layers view. */
export const layersView: Handlers = {
  'read-changes': { run: (model) => step(withReading(model, 'changes')) },
  'read-after': { run: (model) => step(withReading(model, 'after')) },
  'read-final': { run: (model) => step(withReading(model, 'final')) },
  compare: { run: (model) => step(compared(model)), when: (model) => standingLayer(model) >= 0 },
  'ask-filter': { run: (model) => step(asked(model, 'filter')) },
  'ask-layer': { run: (model) => step(asked(model, 'layer')) },
  'ask-show': {
    run: (model) => step({ ...model, overlays: [...model.overlays, { kind: 'menu', cursor: 0 }] }),
  },
  'next-match': { run: (model) => step(matched(model, 1)), when: hasMatches },
  'previous-match': { run: (model) => step(matched(model, -1)), when: hasMatches },
  sort: { run: (model) => step(sorted(model)) },
  'next-layer': { run: (model) => step(withNextLayer(model, 1)) },
  'previous-layer': { run: (model) => step(withNextLayer(model, -1)) },
  'next-pane': { run: (model) => step(withPane(model, 1)) },
  'previous-pane': { run: (model) => step(withPane(model, -1)) },
  zoom: { run: (model) => step(withPanes(model, { zoom: model.panes.zoom === null ? model.focus : null })) },
  wider: { run: (model) => step(withPanes(model, { left: leftWidth(model) + 4 })) },
  narrower: { run: (model) => step(withPanes(model, { left: leftWidth(model) - 4 })) },
  taller: { run: (model) => step(withPanes(model, { detail: detailHeight(model) + 1 })) },
  shorter: { run: (model) => step(withPanes(model, { detail: detailHeight(model) - 1 })) },
  'copy-path': { run: copyPath, when: hasCursor },
  'copy-digest': { run: copyDigest, when: (model) => selectedLayer(model) !== null },
  extract: { run: extract, when: hasCursor },
  preview: { run: previewed, when: onContent },
  pager: { run: (model) => viewed(model, 'pager'), when: onContent },
  editor: { run: (model) => viewed(model, 'editor'), when: onContent },
};

/** Switches the reading of the tree. The cursor stays on its path if that reading has it. */
export function withReading(model: Model, reading: ReadingKind): Model {
  if (reading === model.tree.reading) return model;
  const next = { ...model, tree: { ...model.tree, reading, from: null } };
  const tree = treeOf(next);
  const { cursor } = model.tree;
  // Expand the directories above the cursor, so that its path stays visible.
  if (tree === null || cursor <= 0 || tree.shown.role[cursor] === 0) return withFittingCursor(next);
  const folds = revealed(next.tree.folds, tree.shown, cursor);
  return { ...next, tree: { ...next.tree, folds } };
}

function compared(model: Model): Model {
  if (model.tree.reading === 'between') return withReading(model, model.tree.readingBefore);
  const from = standingLayer(model);
  const state: TreeState = { ...model.tree, readingBefore: model.tree.reading, reading: 'between', from };
  return told(
    { ...model, tree: state, focus: 'layers' },
    `comparing from layer ${from}: select another layer`,
  );
}

function asked(model: Model, ask: PlainPromptKind): Model {
  const line = ask === 'filter' ? { before: model.tree.filter?.text ?? '', after: '' } : EMPTY_LINE;
  return { ...model, overlays: [...model.overlays, { kind: 'prompt', ask, line, error: null }] };
}

function hasMatches(model: Model): boolean {
  const tree = treeOf(model);
  if (tree === null) return false;
  return tree.shown.filtered ? tree.shown.total > 0 : tree.shown.changesBelow[0]! > 0;
}

function matched(model: Model, by: 1 | -1): Model {
  const tree = treeOf(model);
  const path = tree?.nextMatch(model.tree.cursor, by) ?? -1;
  if (tree === null || path < 0) return model;
  const folds = revealed(model.tree.folds, tree.shown, path);
  return { ...model, focus: 'tree', tree: { ...model.tree, folds, cursor: path } };
}

function sorted(model: Model): Model {
  const sort = SORT_KEYS[(SORT_KEYS.indexOf(model.tree.sort) + 1) % SORT_KEYS.length]!;
  return told({ ...model, tree: { ...model.tree, sort } }, `sorted by ${sort}`);
}

function withPane(model: Model, by: 1 | -1): Model {
  const focus = PANES[(PANES.indexOf(model.focus) + by + PANES.length) % PANES.length]!;
  const zoom = model.panes.zoom === null ? null : focus;
  return { ...model, focus, panes: { ...model.panes, zoom } };
}

function withPanes(model: Model, change: Partial<PaneSizes>): Model {
  const panes = { ...model.panes, ...change };
  // Store the clamped sizes, so that the opposite key takes effect at once.
  const left = panes.left === null ? null : leftWidth({ ...model, panes });
  const detail = panes.detail === null ? null : detailHeight({ ...model, panes });
  return { ...model, panes: { ...panes, left, detail } };
}

function hasCursor(model: Model): boolean {
  return treeOf(model) !== null && model.tree.cursor > 0;
}

function copyPath(model: Model): Step {
  const text = escapeBytes(model.stacked!.ledger.paths.path(model.tree.cursor));
  return [model, [{ type: 'copy', text, what: 'path' }]];
}

function copyDigest(model: Model): Step {
  const layer = selectedLayer(model)!;
  const { digest, diffId } = model.stacked!.image.layers[layer]!;
  const text = digest ?? model.stacked!.layers[layer]!.digest ?? diffId;
  if (text === null) return step(told(model, 'the digest of this layer is not known yet'));
  return [model, [{ type: 'copy', text, what: `digest of layer ${layer}` }]];
}

function extract(model: Model): Step {
  const tree = treeOf(model)!;
  const path = model.tree.cursor;
  const event = tree.shown.columns.event[path]! - 1;
  const layer = event < 0 ? null : tree.shown.columns.holder[path]!;
  return asksToExtract(model, [{ path, layer }]);
}

function previewed(model: Model): Step {
  const { columns } = treeOf(model)!.shown;
  const path = model.tree.cursor;
  return openPreview(model, { path, ...columns.ledger.placeOf(columns.event[path]! - 1) });
}
