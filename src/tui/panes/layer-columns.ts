import { fit } from '../../text/fit.ts';
import type { Token } from '../../text/theme.ts';
import type { Model } from '../model.ts';
import { type LayerRow, layerRows } from '../selectors/layer-rows.ts';
import { findingsOfRow, marksOf } from '../selectors/marks.ts';
import { type Column, column } from '../columns/column.ts';
import { shortCount, sizeText, sizeWidth } from '../columns/numbers.ts';
import type { Segment } from '../columns/segment.ts';

/** Narrower panes show one count of all changes, which leaves more room for the instruction. */
const WIDE = 48;
const COUNT_WIDTH = 4;
/** Three counts and the gaps between them. */
const COUNTS_WIDTH = 3 * COUNT_WIDTH + 2;

/**
 * Returns the columns of the layers pane.
 * @param width cells of the pane; unlimited for a screen reader
 */
export function layerColumns(model: Model, width = Infinity): readonly Column<LayerRow>[] {
  const { exactSizes } = model;
  const isNarrow = width < WIDE;
  const isSearching = model.findings.search === 'running';
  const findings = marksOf(model);
  const most = Math.max(0, ...layerRows(model).map((row) => findingsOfRow(row, findings)));
  return [
    column({
      title: '#',
      width: 4,
      align: 'right',
      gap: 0,
      cell: numberText,
      token: (row) => (row.kind === 'layer' ? lookOf(row) : row.kind === 'base' ? 'base' : 'dim'),
      said: numberWords,
      turn: -2,
    }),
    column({
      title: 'size',
      width: sizeWidth(exactSizes),
      align: 'right',
      cell: (row) => sizeOf(row, exactSizes),
      token: lookOf,
      said: (row) => sizeOf(row, exactSizes),
    }),
    column({
      title: isNarrow ? '+~-' : '+    ~    -',
      width: isNarrow ? COUNT_WIDTH : COUNTS_WIDTH,
      align: 'right',
      cell: changesWords,
      draw: (row, cells) => changesOf(row, cells, isNarrow),
      said: changesWords,
    }),
    ...(most === 0
      ? []
      : [
          column<LayerRow>({
            title: '!',
            width: String(most).length + 1,
            cell: (row) => countText(findingsOfRow(row, findings), '!', ''),
            draw: (row, cells) => {
              const text = countText(findingsOfRow(row, findings), '!', '');
              return [
                ['secret', text],
                [null, ' '.repeat(cells - text.length)],
              ];
            },
            said: (row) => {
              // Do not repeat the row for each new finding during a scan.
              if (isSearching) return '';
              const count = findingsOfRow(row, findings);
              return countText(count, '', count === 1 ? ' finding' : ' findings');
            },
          }),
        ]),
    column({
      title: 'instruction',
      width: null,
      gap: 2,
      cell: instructionText,
      token: instructionLook,
      said: instructionWords,
      turn: -1,
    }),
  ];
}

/** Reports whether the size and the counts of a layer are known. */
function isRead({ status }: Extract<LayerRow, { kind: 'layer' }>): boolean {
  return status === 'indexed' || status === 'damaged' || status === 'opaque';
}

function sizeOf(row: LayerRow, exactSizes: boolean): string {
  const isKnown = row.kind === 'base' || (row.kind === 'layer' && isRead(row));
  return isKnown ? sizeText(row.size ?? 0, exactSizes) : '';
}

function lookOf(row: LayerRow): Token {
  return row.kind === 'base' || row.isBase ? 'base' : 'text';
}

function numberText(row: LayerRow): string {
  switch (row.kind) {
    case 'empty':
      return '.';
    case 'base':
      return row.layers === 1 ? '0' : `0-${row.layers - 1}`;
    case 'layer':
      return String(row.layer);
  }
}

function numberWords(row: LayerRow): string {
  switch (row.kind) {
    case 'empty':
      return '';
    case 'base':
      return 'The base';
    case 'layer':
      return `Layer ${row.layer}${row.isBase ? ' of the base' : ''}`;
  }
}

function countText(count: number, before: string, after: string): string {
  return count === 0 ? '' : `${before}${count}${after}`;
}

function changesWords(row: LayerRow): string {
  if (row.kind !== 'layer') return '';
  const { added, deleted, modified } = row.counts;
  return isRead(row) ? `${added} added, ${modified} changed, ${deleted} deleted` : row.status;
}

/** Returns the counts of a layer, or the progress while it is being read. */
function changesOf(row: LayerRow, cells: number, isNarrow: boolean): readonly Segment[] {
  if (row.kind !== 'layer') return [[null, ' '.repeat(cells)]];
  if (!isRead(row)) return statusOf(row);
  const { added, deleted, modified } = row.counts;
  if (isNarrow) return [countOf(added + modified + deleted, 'text', cells)];
  return [
    countOf(added, 'added', COUNT_WIDTH),
    countOf(modified, 'modified', COUNT_WIDTH + 1),
    countOf(deleted, 'deleted', COUNT_WIDTH + 1),
  ];
}

function countOf(count: number, token: Token, cells: number): Segment {
  return [count === 0 ? 'dim' : token, fit(shortCount(count), cells, { align: 'right' })];
}

/** As wide as three counts, even in narrow panes: a bar needs that many cells. */
function statusOf({ status, progress }: Extract<LayerRow, { kind: 'layer' }>): readonly Segment[] {
  if (status !== 'reading') {
    return [[status === 'missing' ? 'error' : 'dim', fit(status, COUNTS_WIDTH)]];
  }
  const cells = COUNTS_WIDTH - 6;
  const done = Math.round(progress * cells);
  return [
    ['accent', `[${'#'.repeat(done)}${'.'.repeat(cells - done)}]`],
    ['dim', fit(`${Math.floor(progress * 100)}%`, 4, { align: 'right' })],
  ];
}

function instructionText(row: LayerRow): string {
  switch (row.kind) {
    case 'empty':
      return row.instruction;
    case 'base':
      return `base: ${row.layers} ${row.layers === 1 ? 'layer' : 'layers'}`;
    case 'layer': {
      const words = row.instruction === '' ? '(no history entry)' : row.instruction;
      if (row.isMismatch) return `DIGEST MISMATCH ${words}`;
      if (row.status === 'opaque') return `not a tar: ${words}`;
      return row.status === 'damaged' ? `damaged: ${words}` : words;
    }
  }
}

function instructionLook(row: LayerRow): Token {
  if (row.kind === 'empty') return 'dim';
  if (row.kind === 'base') return 'base';
  if (row.isMismatch) return 'error';
  if (row.status === 'opaque') return 'dim';
  return row.status === 'damaged' ? 'warning' : lookOf(row);
}

function instructionWords(row: LayerRow): string {
  switch (row.kind) {
    case 'empty':
      return `No layer: ${row.instruction}`;
    case 'base':
      return `${row.layers} ${row.layers === 1 ? 'layer' : 'layers'}`;
    case 'layer':
      return row.isMismatch && row.status === 'damaged'
        ? `damaged, ${instructionText(row)}`
        : instructionText(row);
  }
}
