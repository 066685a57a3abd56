import type { Token } from '../../text/theme.ts';
import type { Segment } from './segment.ts';

/** A column of a list: its title, its width, and how it shows a row. The screen and the screen reader use the same. */
export interface Column<Row> {
  readonly title: string;
  /** In cells; null for the remaining width. Exactly one column of a list has null. */
  readonly width: number | null;
  /**
   * Minimum width, to which it shrinks if the column without a width has too few cells; 0 lets it be left out.
   * For the column without a width: the width below which others shrink.
   */
  readonly least: number;
  /**
   * Maximum width, to which it grows if there is room.
   * For the column without a width: the width above which others grow.
   */
  readonly most: number;
  /** Columns of a lower rank shrink first; those of the same rank from the right. */
  readonly rank: number;
  readonly align: 'left' | 'right';
  /** Which part of a long cell is cut. */
  readonly cut: 'start' | 'middle' | 'end';
  /** Blanks before this column. */
  readonly gap: number;
  /** The text of a row's cell, escaped. */
  readonly cell: (row: Row) => string;
  /** The look of a cell; null for that of the row. */
  readonly token: Token | null | ((row: Row) => Token | null);
  /**
   * Draws a cell with several looks, in `width` cells or more; the last column then gets less.
   * Null: {@link cell} in the look of {@link token}.
   */
  readonly draw: ((row: Row, width: number) => readonly Segment[]) | null;
  /**
   * The spoken text of a cell; '' for nothing. Null: the cell, preceded by the title if the column is
   * right-aligned, since a number needs a name.
   */
  readonly said: ((row: Row) => string) | null;
  /** Columns of a lower turn are spoken first; those of the same turn from the left. */
  readonly turn: number;
}

type Required = 'title' | 'width' | 'cell';

/** Returns a column with defaults for the missing fields. */
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

/** Returns the spoken text of a row: its columns, separated by commas. */
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
