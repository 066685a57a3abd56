import type { HistoryAlignment, HistoryEntry } from '../../history/align.ts';
import { maskSecrets } from '../../secrets/mask.ts';
import { layerCounts } from '../../ledger/diff.ts';
import type { StackedImage } from '../../ledger/stacked-image.ts';
import { escapeText } from '../../text/escape.ts';
import { humanSize } from '../../text/size.ts';
import type { FindingMarks } from '../finding-marks.ts';
import { column, type TableRow, type ViewTable } from './table.ts';

/**
 * Every history entry, with the layer that it made; `S` where a secret stands in its instruction.
 * @param isNarrow leaves out when it was made: the detail below says it
 */
export function historyTable(
  stacked: StackedImage,
  history: HistoryAlignment,
  marks: FindingMarks,
  isNarrow: boolean,
): ViewTable {
  return {
    columns: [
      column('#', 3, 'right'),
      column('layer', 5, 'right'),
      ...(isNarrow ? [] : [column('created', 19)]),
      column('size', 6, 'right'),
      column('!', 1),
      column('instruction', null),
    ],
    rows: history.entries.map((entry) => entryRow(stacked, entry, marks, isNarrow)),
    summary: history.reason === null ? `${history.entries.length} entries` : escapeText(history.reason),
  };
}

function entryRow(
  stacked: StackedImage,
  entry: HistoryEntry,
  { entries, layers }: FindingMarks,
  isNarrow: boolean,
): TableRow {
  const { author, comment, index, layer } = entry;
  const reading = layer === null ? null : stacked.layers[layer];
  const instruction = escapeText(maskSecrets(entry.instruction));
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
    target: layer === null ? null : { path: 0, layer },
    detail: [
      instruction === '' ? '(no instruction)' : instruction,
      ...(found.length === 0
        ? []
        : [`stands in this instruction: ${found.map(({ title }) => escapeText(title)).join('; ')}`]),
      `${created}  ${layer === null ? 'made no layer' : madeWords(stacked, layer, layers)}`,
      ...(comment === null || comment === '' ? [] : [`comment: ${escapeText(comment)}`]),
      ...(author === null || author === '' ? [] : [`author: ${escapeText(author)}`]),
    ],
  };
}

function madeWords({ ledger }: StackedImage, layer: number, layers: FindingMarks['layers']): string {
  const { added, deleted, modified } = layerCounts(ledger, layer);
  const found = layers.get(layer)?.length ?? 0;
  const findings = found === 0 ? '' : `, ${found} ${found === 1 ? 'finding' : 'findings'}`;
  return `made layer ${layer}: ${added} added, ${modified} modified, ${deleted} deleted${findings}`;
}
