import { fit } from './fit.ts';
import { displayWidth } from './width.ts';

/** How {@link formatTable} lays out its columns. */
export interface TableOptions {
  /** One per column (default: left). */
  readonly align?: readonly ('left' | 'right')[];
  /** Titles, printed as the first row. */
  readonly header?: readonly string[];
  /** Maximum cells per line. Only the last column is cut to fit. */
  readonly maxWidth?: number;
  /** Spaces between columns (default: 2). */
  readonly gap?: number;
}

/**
 * Lays out rows for plain output. Each column is as wide as its widest cell; lines have no trailing
 * spaces.
 * @param rows escaped cells without ANSI sequences; the last columns of a short row are empty
 * @returns lines without line feeds
 */
export function formatTable(rows: readonly (readonly string[])[], options: TableOptions = {}): string[] {
  const all = options.header ? [options.header, ...rows] : rows;
  const widths: number[] = [];
  for (const row of all) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
    }
  }
  const gap = options.gap ?? 2;
  const last = widths.length - 1;
  if (options.maxWidth !== undefined && last >= 0) {
    let before = gap * last;
    for (let column = 0; column < last; column++) before += widths[column]!;
    widths[last] = Math.min(widths[last]!, Math.max(1, options.maxWidth - before));
  }
  return all.map((row) => formatRow(row, widths, gap, options.align ?? []));
}

function formatRow(
  row: readonly string[],
  widths: readonly number[],
  gap: number,
  align: readonly ('left' | 'right')[],
): string {
  let line = '';
  let end = row.length;
  while (end > 0 && row[end - 1] === '') end--;
  for (let column = 0; column < end; column++) {
    const side = align[column] ?? 'left';
    const pad = side === 'right' || column < end - 1;
    if (column > 0) line += ' '.repeat(gap);
    line += fit(row[column]!, widths[column]!, { align: side, pad });
  }
  return line;
}
