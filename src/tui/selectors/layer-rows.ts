import type { HistoryAlignment } from '../../history/align.ts';
import type { Masker } from '../../secrets/mask/masker.ts';
import { Change } from '../../ledger/change.ts';
import type { LayerCounts } from '../../ledger/diff.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LayerStatus, StackedImage } from '../../ledger/stacked-image.ts';
import { escapeText } from '../../text/escape.ts';
import type { Model } from '../model.ts';
import { baseEntries } from './history-rows.ts';
import { memoized } from './memo.ts';

/** A row of the layers pane. */
export type LayerRow =
  | {
      readonly kind: 'layer';
      readonly layer: number;
      /** Masked and escaped; empty if the history has none. */
      readonly instruction: string;
      readonly isBase: boolean;
      readonly status: LayerStatus;
      /** Fraction of the stored bytes read so far, 0 to 1. */
      readonly progress: number;
      /** Bytes of the uncompressed tar; null until known. */
      readonly size: number | null;
      readonly counts: LayerCounts;
      /** Whether a digest does not match the image's metadata. */
      readonly isMismatch: boolean;
    }
  /** A history entry that created no layer. */
  | {
      readonly kind: 'empty';
      /** Index in the history. */
      readonly entry: number;
      readonly instruction: string;
      readonly isBase: boolean;
    }
  /** All rows of the base as one, including its entries without a layer. */
  | { readonly kind: 'base'; readonly layers: number; readonly size: number };

/** Returns the rows of the layers pane, lowest layer first. */
export function layerRows(model: Model): readonly LayerRow[] {
  const { stacked, history, baseLayers, layers, masker } = model;
  if (stacked === null) return [];
  const isFolded = !layers.baseOpen && foldsBase(model);
  return rowsOf(stacked, history, baseLayers, baseEntries(model), isFolded, masker);
}

/**
 * Reports whether the rows of the base can be collapsed: if it has at least two layers or, while the base is
 * hidden, at least two entries.
 */
export function foldsBase(model: Model): boolean {
  return model.baseLayers > 1 || (!model.tree.show.base && baseEntries(model) > 1);
}

const rowsOf = memoized(
  (
    stacked: StackedImage,
    history: HistoryAlignment | null,
    baseLayers: number,
    ofBase: number,
    isFolded: boolean,
    masker: Masker,
  ): readonly LayerRow[] => {
    const counts = countsOf(stacked.ledger);
    const rows: LayerRow[] = [];
    const named = new Set<number>();
    for (const { index, layer, instruction: raw } of history?.entries ?? []) {
      const instruction = escapeText(masker.mask(raw));
      const isBase = layer === null ? index < ofBase : layer < baseLayers;
      if (layer === null) rows.push({ kind: 'empty', entry: index, instruction, isBase });
      else if (layer < stacked.layers.length) {
        named.add(layer);
        rows.push(layerRow(stacked, counts, layer, instruction, isBase));
      }
    }
    for (let layer = 0; layer < stacked.layers.length; layer++) {
      if (!named.has(layer)) rows.push(layerRow(stacked, counts, layer, '', layer < baseLayers));
    }
    return isFolded ? withBaseFolded(rows) : rows;
  },
  2,
);

function layerRow(
  stacked: StackedImage,
  counts: readonly LayerCounts[],
  layer: number,
  instruction: string,
  isBase: boolean,
): LayerRow {
  const reading = stacked.layers[layer]!;
  const { digest, diffId } = reading.verified;
  return {
    kind: 'layer',
    layer,
    instruction,
    isBase,
    status: reading.status,
    progress: reading.storedSize === 0 ? 0 : Math.min(1, reading.progress / reading.storedSize),
    size: reading.tarSize,
    counts: counts[layer]!,
    isMismatch: digest === false || diffId === false,
  };
}

function withBaseFolded(rows: readonly LayerRow[]): readonly LayerRow[] {
  const base = rows.filter((row) => row.kind !== 'base' && row.isBase);
  const layers = base.filter((row) => row.kind === 'layer');
  if (base.length < 2) return rows;
  const size = layers.reduce((sum, row) => sum + (row.size ?? 0), 0);
  return [{ kind: 'base', layers: layers.length, size }, ...rows.filter((row) => !base.includes(row))];
}

/** Counts the changes of each layer in one pass. */
const countsOf = memoized((ledger: Ledger): readonly LayerCounts[] => {
  const { change, layerStart } = ledger.columns;
  return ledger.layers.map((_, layer) => {
    const found = new Uint32Array(7);
    for (let event = layerStart[layer]!; event < layerStart[layer + 1]!; event++) found[change[event]!]!++;
    return {
      added: found[Change.added]! + found[Change.readded]!,
      modified: found[Change.modified]! + found[Change.metadata]! + found[Change.replaced]!,
      deleted: found[Change.deleted]!,
    };
  });
});

/** Returns the largest size of a row, which scales the bars. */
export function largestSize(rows: readonly LayerRow[]): number {
  return rows.reduce((most, row) => (row.kind === 'empty' ? most : Math.max(most, row.size ?? 0)), 0);
}

/** Returns the layer of the selected row; the topmost one for the collapsed base; null for an entry without a layer. */
export function selectedLayer(model: Model): number | null {
  const row = layerRows(model)[model.layers.row];
  if (row === undefined || row.kind === 'empty') return null;
  return row.kind === 'base' ? row.layers - 1 : row.layer;
}

/** Returns the selected layer or, for an entry without one, the layer before it; -1 for none. */
export function standingLayer(model: Model): number {
  const rows = layerRows(model);
  for (let at = model.layers.row; at >= 0; at--) {
    const row = rows[at];
    if (row?.kind === 'layer') return row.layer;
    if (row?.kind === 'base') return row.layers - 1;
  }
  return -1;
}

/** Returns the row of a layer, or of the collapsed base that contains it; -1 for none. */
export function rowOfLayer(model: Model, layer: number): number {
  return layerRows(model).findIndex((row) =>
    row.kind === 'layer' ? row.layer === layer : row.kind === 'base' && layer < row.layers,
  );
}

/**
 * Returns the new position of a row after the base was collapsed or expanded; a collapsed row is in the row of
 * the base.
 * @param row one of the previous rows
 */
export function rowLike(model: Model, row: LayerRow | undefined): number {
  if (row?.kind === 'layer') return Math.max(0, rowOfLayer(model, row.layer));
  if (row?.kind !== 'empty') return 0;
  const at = layerRows(model).findIndex((each) => each.kind === 'empty' && each.entry === row.entry);
  return Math.max(0, at);
}

/** Returns a layer's instruction, masked and escaped, or `layer N` if the history has none. */
export function layerWords(model: Model, layer: number): string {
  const entry = model.history?.entries.find((each) => each.layer === layer);
  const words = entry === undefined ? '' : escapeText(model.masker.mask(entry.instruction));
  return words === '' ? `layer ${layer}` : words;
}
