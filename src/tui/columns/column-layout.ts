import { fit, type FitOptions } from '../../text/fit.ts';
import type { Column } from './column.ts';

/** A column with its width. */
interface PlacedColumn<Row> {
  readonly column: Column<Row>;
  readonly width: number;
  /** The gap before it, and the blanks of an empty cell. */
  readonly blanks: string;
  readonly empty: string;
  /** Created once: cells are fitted for each row of each frame. */
  readonly fit: FitOptions;
}

/** The columns that fit, from left to right. */
export interface ColumnLayout<Row> {
  /** Cells of a row. */
  readonly width: number;
  readonly columns: readonly PlacedColumn<Row>[];
}

/**
 * Divides a width among columns. If the column without a width has too few cells, others shrink or are left out;
 * if it has more than enough, others grow.
 */
export function layOut<Row>(columns: readonly Column<Row>[], width: number): ColumnLayout<Row> {
  const widths = columnWidths(columns, width);
  const placed: PlacedColumn<Row>[] = [];
  for (let i = 0; i < columns.length; i++) {
    const { align, cut, gap } = columns[i]!;
    if (widths[i] === 0) continue;
    placed.push({
      column: columns[i]!,
      width: widths[i]!,
      empty: ' '.repeat(widths[i]!),
      blanks: placed.length === 0 ? '' : ' '.repeat(gap),
      fit: { align, cut },
    });
  }
  return { width, columns: placed };
}

/** Returns the width of each column; 0 if it is left out. */
export function columnWidths<Row>(columns: readonly Column<Row>[], width: number): number[] {
  const widths = columns.map((each) => each.width ?? 0);
  const flexible = columns.findIndex((each) => each.width === null);
  const { least: wanted, most: enough } = columns[flexible]!;
  const rest = (): number => {
    let left = width;
    let isFirst = true;
    for (let i = 0; i < widths.length; i++) {
      if (widths[i] === 0 && i !== flexible) continue;
      left -= widths[i]! + (isFirst ? 0 : columns[i]!.gap);
      isFirst = false;
    }
    return left;
  };
  const order = columns
    .map((_, i) => i)
    .filter((i) => i !== flexible)
    .sort((a, b) => columns[a]!.rank - columns[b]!.rank || b - a);
  for (const i of order) {
    const { least } = columns[i]!;
    if (rest() >= wanted) break;
    if (least < widths[i]!) widths[i] = least === 0 ? 0 : Math.max(least, widths[i]! - (wanted - rest()));
  }
  // A narrow column may fit even if a wider one does not.
  for (const i of order.toReversed()) {
    const { gap, width: own } = columns[i]!;
    if (widths[i] === 0 && rest() - own! - gap >= wanted) widths[i] = own!;
  }
  for (const i of order) if (rest() < 1) widths[i] = 0;
  for (let i = 0; i < widths.length; i++) {
    const more = Math.min(columns[i]!.most - widths[i]!, rest() - enough);
    if (i !== flexible && widths[i]! > 0 && more > 0) widths[i]! += more;
  }
  widths[flexible] = Math.max(1, rest());
  return widths;
}

/** Returns the titles of the columns, as wide as a row. */
export function titleLine<Row>({ columns, width }: ColumnLayout<Row>): string {
  let line = '';
  for (const each of columns) line += each.blanks + fit(each.column.title, each.width, each.fit);
  return fit(line, width);
}
