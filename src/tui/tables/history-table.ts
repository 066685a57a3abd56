import type { HistoryAlignment, HistoryEntry } from '../../history/align.ts';
import type { Masker } from '../../secrets/mask/masker.ts';
import { layerCounts } from '../../ledger/diff.ts';
import type { StackedImage } from '../../ledger/stacked-image.ts';
import { escapeText } from '../../text/escape.ts';
import { humanSize } from '../../text/size.ts';
import type { FindingMarks } from '../finding-marks.ts';
import { column } from '../columns/column.ts';
import { type TableRow, type ViewTable, viewTable } from './table.ts';

/** A history entry, or all entries of the base as one line. */
interface HistoryLine extends Omit<TableRow, 'cells'> {
  readonly number: string;
  readonly layer: string;
  readonly created: string;
  readonly size: string;
  readonly mark: string;
  readonly instruction: string;
}

/**
 * Returns the History view: every history entry with its layer, marked `S` if its instruction contains a secret.
 * @param isNarrow leave out the time of creation; the details show it
 * @param folded how many of the first entries are collapsed into the row of the base; 0 for none
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
  const base = folded === 0 ? [] : [baseLine(stacked, entries.slice(0, folded))];
  return viewTable<HistoryLine>(
    [
      column({ title: '#', width: 4, align: 'right', cell: (line) => line.number }),
      column({ title: 'layer', width: 5, align: 'right', cell: (line) => line.layer }),
      ...(isNarrow
        ? []
        : [column<HistoryLine>({ title: 'created', width: 19, cell: (line) => line.created })]),
      column({ title: 'size', width: 6, align: 'right', cell: (line) => line.size }),
      column({ title: '!', width: 1, cell: (line) => line.mark }),
      column({ title: 'instruction', width: null, cell: (line) => line.instruction }),
    ],
    [...base, ...entries.slice(folded).map((entry) => entryLine(stacked, entry, marks, masker))],
    (line) => line,
    history.reason === null
      ? `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`
      : escapeText(history.reason),
  );
}

/** Returns the row that stands for all entries of the base. */
function baseLine(stacked: StackedImage, entries: readonly HistoryEntry[]): HistoryLine {
  const layers = entries.flatMap(({ layer }) => (layer === null ? [] : [layer]));
  const last = layers.at(-1) ?? null;
  const size = layers.reduce((sum, layer) => sum + (stacked.layers[layer]?.tarSize ?? 0), 0);
  const words = `base: ${entries.length} entries, ${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}`;
  return {
    number: `0-${entries.length - 1}`,
    layer: last === null ? '.' : last === 0 ? '0' : `0-${last}`,
    created: '',
    size: humanSize(size),
    mark: '',
    instruction: words,
    token: 'base',
    target: last === null ? null : { path: 0, layer: last },
    detail: [words, 'B expands the base'],
  };
}

function entryLine(
  stacked: StackedImage,
  entry: HistoryEntry,
  { entries, layers }: FindingMarks,
  masker: Masker,
): HistoryLine {
  const { author, comment, index, layer } = entry;
  const reading = layer === null ? null : stacked.layers[layer];
  const instruction = escapeText(masker.mask(entry.instruction));
  const found = entries.get(index) ?? [];
  const secrets = found.filter(({ kind }) => kind === 'secret');
  const created = escapeText(entry.created?.slice(0, 19).replace('T', ' ') ?? '-');
  return {
    number: String(index),
    layer: layer === null ? '.' : String(layer),
    created,
    size: reading?.tarSize == null ? '' : humanSize(reading.tarSize),
    mark: secrets.length > 0 ? 'S' : found.length > 0 ? 'P' : '',
    instruction,
    token: secrets.length > 0 ? 'secret' : layer === null ? 'dim' : 'text',
    flag: { surface: 'history', historyIndex: index },
    target: layer === null ? null : { path: 0, layer },
    detail: [
      instruction === '' ? '(no instruction)' : instruction,
      ...(found.length === 0
        ? []
        : [`in this instruction: ${found.map(({ title }) => escapeText(title)).join('; ')}`]),
      `${created === '-' ? '' : `${created}  `}${layer === null ? 'created no layer' : madeWords(stacked, layer, layers)}`,
      ...(comment === null || comment === '' ? [] : [`comment: ${escapeText(masker.mask(comment))}`]),
      ...(author === null || author === '' ? [] : [`author: ${escapeText(masker.mask(author))}`]),
    ],
  };
}

function madeWords({ ledger }: StackedImage, layer: number, layers: FindingMarks['layers']): string {
  const { added, deleted, modified } = layerCounts(ledger, layer);
  const found = layers.get(layer)?.length ?? 0;
  const findings = found === 0 ? '' : `, ${found} ${found === 1 ? 'finding' : 'findings'}`;
  return `created layer ${layer}: ${added} added, ${modified} modified, ${deleted} deleted${findings}`;
}
