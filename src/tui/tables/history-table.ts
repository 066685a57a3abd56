import type { HistoryAlignment, HistoryEntry } from '../../history/align.ts';
import type { Masker } from '../../secrets/mask/masker.ts';
import { layerCounts } from '../../ledger/diff.ts';
import type { StackedImage } from '../../ledger/stacked-image.ts';
import { escapeText } from '../../text/escape.ts';
import { humanSize } from '../../text/size.ts';
import type { FindingMarks } from '../finding-marks.ts';
import { column, type TableRow, type ViewTable } from './table.ts';

/**
 * Every history entry, with the layer that it made; `S` where a secret stands in its instruction.
 * @param isNarrow leaves out when an entry was made: the detail below says it
 * @param folded how many of the first entries are one row, as those of the base; 0 for none
 */
export function historyTable(
  stacked: StackedImage,
  history: HistoryAlignment,
  marks: FindingMarks,
  isNarrow: boolean,
  folded: number,
  masker: Masker,
): ViewTable {
  const { entries } = history;
  const base = folded === 0 ? [] : [baseRow(stacked, entries.slice(0, folded), isNarrow)];
  return {
    columns: [
      column('#', 4, 'right'),
      column('layer', 5, 'right'),
      ...(isNarrow ? [] : [column('created', 19)]),
      column('size', 6, 'right'),
      column('!', 1),
      column('instruction', null),
    ],
    rows: [
      ...base,
      ...entries.slice(folded).map((entry) => entryRow(stacked, entry, marks, isNarrow, masker)),
    ],
    summary: history.reason === null ? `${entries.length} entries` : escapeText(history.reason),
  };
}

/** The entries of the base in one row. */
function baseRow(stacked: StackedImage, entries: readonly HistoryEntry[], isNarrow: boolean): TableRow {
  const layers = entries.flatMap(({ layer }) => (layer === null ? [] : [layer]));
  const last = layers.at(-1) ?? null;
  const size = layers.reduce((sum, layer) => sum + (stacked.layers[layer]?.tarSize ?? 0), 0);
  const words = `base: ${entries.length} entries, ${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}`;
  return {
    cells: [
      `0-${entries.length - 1}`,
      last === null ? '.' : last === 0 ? '0' : `0-${last}`,
      ...(isNarrow ? [] : ['']),
      humanSize(size),
      '',
      words,
    ],
    token: 'base',
    target: last === null ? null : { path: 0, layer: last },
    detail: [words, 'B shows each of them'],
  };
}

function entryRow(
  stacked: StackedImage,
  entry: HistoryEntry,
  { entries, layers }: FindingMarks,
  isNarrow: boolean,
  masker: Masker,
): TableRow {
  const { author, comment, index, layer } = entry;
  const reading = layer === null ? null : stacked.layers[layer];
  const instruction = escapeText(masker.mask(entry.instruction));
  const found = entries.get(index) ?? [];
  const secrets = found.filter(({ kind }) => kind === 'secret');
  const created = escapeText(entry.created?.slice(0, 19).replace('T', ' ') ?? '-');
  return {
    cells: [
      String(index),
      layer === null ? '.' : String(layer),
      ...(isNarrow ? [] : [created]),
      reading?.tarSize == null ? '' : humanSize(reading.tarSize),
      secrets.length > 0 ? 'S' : found.length > 0 ? 'P' : '',
      instruction,
    ],
    token: secrets.length > 0 ? 'secret' : layer === null ? 'dim' : 'text',
    flag: { surface: 'history', historyIndex: index },
    target: layer === null ? null : { path: 0, layer },
    detail: [
      instruction === '' ? '(no instruction)' : instruction,
      ...(found.length === 0
        ? []
        : [`stands in this instruction: ${found.map(({ title }) => escapeText(title)).join('; ')}`]),
      `${created === '-' ? '' : `${created}  `}${layer === null ? 'made no layer' : madeWords(stacked, layer, layers)}`,
      ...(comment === null || comment === '' ? [] : [`comment: ${escapeText(masker.mask(comment))}`]),
      ...(author === null || author === '' ? [] : [`author: ${escapeText(masker.mask(author))}`]),
    ],
  };
}

function madeWords({ ledger }: StackedImage, layer: number, layers: FindingMarks['layers']): string {
  const { added, deleted, modified } = layerCounts(ledger, layer);
  const found = layers.get(layer)?.length ?? 0;
  const findings = found === 0 ? '' : `, ${found} ${found === 1 ? 'finding' : 'findings'}`;
  return `made layer ${layer}: ${added} added, ${modified} modified, ${deleted} deleted${findings}`;
}
