import type { FlagPlace } from '../../case/case.ts';
import { fit } from '../../text/fit.ts';
import type { Token } from '../../text/theme.ts';

/** A column of a list view. */
export interface TableColumn {
  readonly title: string;
  /** Cells; null takes what the others leave. One column has null. */
  readonly width: number | null;
  /** Cells that it gives way to when the one without a width has too few; 0: it is left out then. */
  readonly least: number;
  /** Cells that it grows to where the one without a width has more than enough. */
  readonly most: number;
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
  /** What a flag is set at, where that is no file of the target. */
  readonly flag?: Pick<FlagPlace, 'surface'> & Partial<FlagPlace>;
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
  return { title, width, least: width ?? 0, most: width ?? 0, align, cut };
}

/** A column that gives way on narrow screens, down to `least` cells (0 leaves it out), and grows on wide ones. */
export function yielding(title: string, width: number, least: number, most = width): TableColumn {
  return { ...column(title, width), least, most };
}

const GAP = 2;
/** The column without a width is of little use with fewer cells. */
const WANTED = 30;
/** With more than this it leaves the rest to others. */
const ENOUGH = 60;

/** The widths of a table's columns in a given number of cells; 0 for one that is left out. */
export function columnWidths(table: ViewTable, width: number): number[] {
  const widths = table.columns.map((each) => each.width ?? 0);
  const flexible = table.columns.findIndex((each) => each.width === null);
  const rest = (): number => {
    const drawn = widths.filter((cells, i) => cells > 0 || i === flexible);
    return width - drawn.reduce((sum, cells) => sum + cells, 0) - GAP * (drawn.length - 1);
  };
  // From the right, where the least telling columns stand.
  for (let i = widths.length - 1; i >= 0 && rest() < WANTED; i--) {
    const { least } = table.columns[i]!;
    if (i === flexible || least >= widths[i]!) continue;
    widths[i] = least === 0 ? 0 : Math.max(least, widths[i]! - (WANTED - rest()));
  }
  for (let i = 0; i < widths.length; i++) {
    const more = Math.min(table.columns[i]!.most - widths[i]!, rest() - ENOUGH);
    if (i !== flexible && widths[i]! > 0 && more > 0) widths[i]! += more;
  }
  if (flexible >= 0) widths[flexible] = Math.max(8, rest());
  return widths;
}

/** A row, or the titles, as text of exactly `width` cells. */
export function tableLine(table: ViewTable, cells: readonly string[], width: number): string {
  const widths = columnWidths(table, width);
  const line = table.columns
    .flatMap(({ align, cut }, i) =>
      widths[i] === 0 ? [] : [fit(cells[i] ?? '', widths[i]!, { align, cut })],
    )
    .join(' '.repeat(GAP));
  return fit(line, width);
}

/** The titles of a table's columns. */
export function tableTitles(table: ViewTable): string[] {
  return table.columns.map(({ title }) => title);
}
