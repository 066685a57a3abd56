import { describe, expect, it } from 'vitest';
import { type Column, column } from '../../../src/tui/columns/column.ts';
import { columnWidths, layOut, titleLine } from '../../../src/tui/columns/column-layout.ts';
import { rowSegments } from '../../../src/tui/columns/row-segments.ts';

type Row = Readonly<Record<'size' | 'path' | 'how' | 'value', string>>;

const ROW: Row = { size: '1 k', path: '/etc', how: 'deleted', value: '****' };

const COLUMNS: readonly Column<Row>[] = [
  column({ title: 'size', width: 6, align: 'right', cell: ({ size }) => size }),
  column({ title: 'path', width: null, least: 30, most: 60, gap: 2, cell: ({ path }) => path }),
  column({ title: 'how', width: 30, least: 20, gap: 2, cell: ({ how }) => how }),
  column({ title: 'value', width: 14, least: 0, gap: 2, cell: ({ value }) => value }),
];

function drawn(columns: readonly Column<Row>[], width: number): string {
  return rowSegments(layOut(columns, width), ROW, [null, ''])
    .map(([, text]) => text)
    .join('');
}

describe('the widths of columns', () => {
  it('leave the rest to the column without a width', () => {
    expect(columnWidths(COLUMNS, 110)).toEqual([6, 54, 30, 14]);
  });

  it('let another column grow where that one has more than enough', () => {
    const columns = COLUMNS.with(2, { ...COLUMNS[2]!, most: 50 });
    expect(columnWidths(columns, 120)).toEqual([6, 60, 34, 14]);
    expect(columnWidths(columns, 200)).toEqual([6, 124, 50, 14]);
  });

  it('shrink from the right, and leave out what may go', () => {
    expect(columnWidths(COLUMNS, 80)).toEqual([6, 40, 30, 0]);
    expect(columnWidths(COLUMNS, 66)).toEqual([6, 30, 26, 0]);
    expect(columnWidths(COLUMNS, 50)).toEqual([6, 20, 20, 0]);
  });

  it('shrink by rank before they shrink from the right', () => {
    const columns = COLUMNS.with(3, { ...COLUMNS[3]!, rank: 1 });
    expect(columnWidths(columns, 80)).toEqual([6, 30, 24, 14]);
  });

  it('bring back a narrow column where a wider one had to go', () => {
    const wide = column<Row>({ title: 'wide', width: 20, least: 0, rank: 1, cell: () => '' });
    const narrow = column<Row>({ title: 'narrow', width: 5, least: 0, cell: () => '' });
    const name = column<Row>({ title: 'name', width: null, least: 10, cell: () => '' });
    expect(columnWidths([wide, narrow, name], 18)).toEqual([0, 5, 12]);
  });

  it('leave out columns that cannot shrink rather than draw over the edge', () => {
    for (let width = 8; width < 60; width++) expect(drawn(COLUMNS, width), `${width}`).toHaveLength(width);
  });
});

describe('a row of columns', () => {
  it('is as wide as its titles, without a gap for what is left out', () => {
    for (const width of [120, 80, 66, 50]) {
      expect(drawn(COLUMNS, width)).toHaveLength(width);
      expect(titleLine(layOut(COLUMNS, width))).toHaveLength(width);
    }
    expect(drawn(COLUMNS, 50)).not.toContain('*');
    expect(titleLine(layOut(COLUMNS, 50))).toBe('  size  path                  how                 ');
  });

  it('gives blanks between two looks no look of their own', () => {
    const columns = [
      column<Row>({ title: 'size', width: 3, token: 'secret', cell: ({ size }) => size }),
      column<Row>({ title: 'how', width: 8, token: 'secret', cell: ({ how }) => how }),
      column<Row>({ title: 'path', width: null, token: 'dim', cell: ({ path }) => path }),
    ];
    expect(rowSegments(layOut(columns, 20), ROW, ['accent', '>'])).toEqual([
      ['accent', '>'],
      ['secret', '1 k deleted '],
      [null, ' '],
      ['dim', '/etc   '],
    ]);
  });

  it('looks as the row does where a column does not say', () => {
    expect(rowSegments(layOut(COLUMNS, 80), ROW, [null, ''], 'gone').map(([token]) => token)).toEqual([
      'gone',
    ]);
  });

  it('takes what a cell needs beyond its width from the last column', () => {
    const columns = [
      column<Row>({ title: 'a', width: 2, cell: () => '', draw: () => [['dim', 'waiting']] }),
      column<Row>({ title: 'path', width: null, cell: ({ path }) => path }),
    ];
    expect(drawn(columns, 14)).toBe('waiting /etc  ');
  });

  it('keeps struck text apart from its neighbours', () => {
    const columns = [
      column<Row>({
        title: 'name',
        width: null,
        cell: () => '',
        draw: () => [
          ['dim', 'a'],
          ['dim', 'b', true],
          ['dim', 'c'],
        ],
      }),
    ];
    expect(rowSegments(layOut(columns, 3), ROW, [null, ''])).toEqual([
      ['dim', 'a'],
      ['dim', 'b', true],
      ['dim', 'c'],
    ]);
  });
});
