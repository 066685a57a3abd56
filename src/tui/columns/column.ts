import type { Token } from '../../text/theme.ts';
import type { Segment } from './segment.ts';

/** A column of a list: its title, its width, and how it shows a row. The screen and the screen reader use the same. */
export interface Column<Row> {
  readonly title: string;
  /** In cells; null takes what the other columns leave. Exactly one column of a list has null. */
  readonly width: number | null;
  /**
   * Cells to which it shrinks when the column without a width has too few; 0 leaves it out then.
   * Of the column without a width: how many it has to have before the others stop shrinking.
   */
  readonly least: number;
  /**
   * Cells to which it grows when the column without a width has more than enough.
   * Of the column without a width: how many are enough.
   */
  readonly most: number;
  /** Columns of a lower rank shrink first; those of the same rank from the right. */
  readonly rank: number;
  readonly align: 'left' | 'right';
  /** Which part of a cell goes when it is too long. */
  readonly cut: 'start' | 'middle' | 'end';
  /** Blanks between the column before it and this one. */
  readonly gap: number;
  /** The text of a row's cell, escaped. */
  readonly cell: (row: Row) => string;
  /** How a cell looks; null looks like the rest of the row. */
  readonly token: Token | null | ((row: Row) => Token | null);
  /**
   * Draws a cell of several looks, in `width` cells. It may take more: the last column gives way.
   * Null: {@link cell} in the look of {@link token}.
   */
  readonly draw: ((row: Row, width: number) => readonly Segment[]) | null;
  /**
   * What a screen reader says of a row; '' for nothing. Null: the cell, of a right-aligned column with
   * the title, because a number alone does not say what it counts.
   */
  readonly said: ((row: Row) => string) | null;
  /** A screen reader says columns of a lower turn first; those of the same turn from the left. */
  readonly turn: number;
}

type Required = 'title' | 'width' | 'cell';

/** Makes a column; what is left out has its usual value. */
export function column<Row>(
  spec: Pick<Column<Row>, Required> & Partial<Omit<Column<Row>, Required>>,
): Column<Row> {
  return {
    least: spec.width ?? 1,
    most: spec.width ?? Infinity,
    rank: 0,
    align: 'left',
    cut: 'end',
    gap: 1,
    token: null,
    draw: null,
    said: null,
    turn: 0,
    ...spec,
  };
}

/** Returns what a screen reader says of a row: its columns, separated by commas. */
export function saidOf<Row>(columns: readonly Column<Row>[], row: Row): string {
  return columns
    .toSorted((a, b) => a.turn - b.turn)
    .map((each) => {
      if (each.said !== null) return each.said(row);
      const text = each.cell(row).trim();
      return each.align === 'left' || text === '' ? text : `${each.title} ${text}`;
    })
    .filter((text) => text !== '')
    .join(', ');
}
