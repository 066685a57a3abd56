import type { FlagPlace } from '../../case/case.ts';
import type { Token } from '../../text/theme.ts';
import type { Column } from '../columns/column.ts';

/** Where Enter goes from a row. */
export interface TableTarget {
  readonly path: number;
  readonly layer: number;
}

/** One row of a list view. */
export interface TableRow {
  /** By column; escaped, and without colour. */
  readonly cells: readonly string[];
  /** How the row is drawn if it is not selected. */
  readonly token: Token;
  readonly target: TableTarget | null;
  /** Where a flag is set if not at the file of the target. */
  readonly flag?: Pick<FlagPlace, 'surface'> & Partial<FlagPlace>;
  /** Shown in the detail pane when the row is selected; escaped. */
  readonly detail: readonly string[];
}

/** A list view, independent of how it is drawn. */
export interface ViewTable {
  readonly columns: readonly Column<TableRow>[];
  readonly rows: readonly TableRow[];
  /** One line above the list: totals, or why it is empty. */
  readonly summary: string;
}

const GAP = 2;
/** Minimum cells of the column without a width; others shrink first. */
const FLEX_MIN = 30;
/** Maximum cells of that column while others can grow. */
const FLEX_MAX = 60;

/**
 * Makes a list view.
 * @param columns how each fact is shown; this function sets the gaps and the order of shrinking and growing
 * @param rowOf returns a fact's row without its cells
 */
export function viewTable<Fact>(
  columns: readonly Column<Fact>[],
  facts: readonly Fact[],
  rowOf: (fact: Fact) => Omit<TableRow, 'cells'>,
  summary: string,
): ViewTable {
  return {
    columns: columns.map(({ title, width, least, most, rank, align, cut, turn }, i) => ({
      title,
      width,
      least: width === null ? FLEX_MIN : least,
      most: width === null ? FLEX_MAX : most,
      rank,
      align,
      cut,
      gap: GAP,
      cell: ({ cells }) => cells[i]!,
      token: null,
      draw: null,
      said: null,
      turn,
    })),
    rows: facts.map((fact) => ({ ...rowOf(fact), cells: columns.map(({ cell }) => cell(fact)) })),
    summary,
  };
}
