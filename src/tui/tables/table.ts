import { fit } from '../../text/fit.ts';
import type { Token } from '../../text/theme.ts';

/** A column of a list view. */
export interface TableColumn {
  readonly title: string;
  /** Cells; null takes what the others leave. One column has null. */
  readonly width: number | null;
  readonly align: 'left' | 'right';
  /** Where the cell is cut when it does not fit: paths lose their beginning, all else its end. */
  readonly cut: 'start' | 'end';
}

/** Where Enter goes from a row. */
export interface TableTarget {
  readonly path: number;
  readonly layer: number;
}

/** One row: cells are escaped already and hold no colour. */
export interface TableRow {
  readonly cells: readonly string[];
  /** How the row is drawn where it is not selected. */
  readonly token: Token;
  readonly target: TableTarget | null;
  /** Told in the detail pane when the row is selected; escaped. */
  readonly detail: readonly string[];
}

/** A list view, independent of how it is drawn. */
export interface ViewTable {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  /** One line above the list: totals, or why it is empty. */
  readonly summary: string;
}

export function column(
  title: string,
  width: number | null,
  align: 'left' | 'right' = 'left',
  cut: 'start' | 'end' = 'end',
): TableColumn {
  return { title, width, align, cut };
}

const GAP = 2;

/** The widths of a table's columns in a given number of cells. */
export function columnWidths(table: ViewTable, width: number): number[] {
  const fixed = table.columns.reduce((sum, { width: own }) => sum + (own ?? 0), 0);
  const left = width - fixed - GAP * (table.columns.length - 1);
  return table.columns.map(({ width: own }) => own ?? Math.max(8, left));
}

/** A row, or the titles, as text of exactly `width` cells. */
export function tableLine(table: ViewTable, cells: readonly string[], width: number): string {
  const widths = columnWidths(table, width);
  const line = table.columns
    .map(({ align, cut }, i) => fit(cells[i] ?? '', widths[i]!, { align, cut }))
    .join(' '.repeat(GAP));
  return fit(line, width);
}

/** The titles of a table's columns. */
export function tableTitles(table: ViewTable): string[] {
  return table.columns.map(({ title }) => title);
}
