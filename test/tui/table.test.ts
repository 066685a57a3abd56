import { describe, expect, it } from 'vitest';
import { column, columnWidths, tableLine, yielding } from '../../src/tui/tables/table.ts';

const TABLE = {
  columns: [
    column('size', 6, 'right'),
    column('path', null),
    yielding('how', 30, 20),
    yielding('value', 14, 0),
  ],
  rows: [],
  summary: '',
};

describe('the widths of columns', () => {
  it('leave the rest to the one without a width', () => {
    expect(columnWidths(TABLE, 110)).toEqual([6, 54, 30, 14]);
  });

  it('let another grow where that has more than enough', () => {
    const columns = TABLE.columns.with(2, yielding('how', 30, 20, 50));
    expect(columnWidths({ ...TABLE, columns }, 120)).toEqual([6, 60, 34, 14]);
    expect(columnWidths({ ...TABLE, columns }, 200)).toEqual([6, 124, 50, 14]);
  });

  it('leave out what may go, from the right, before others give way', () => {
    expect(columnWidths(TABLE, 80)).toEqual([6, 40, 30, 0]);
    expect(columnWidths(TABLE, 66)).toEqual([6, 30, 26, 0]);
    expect(columnWidths(TABLE, 50)).toEqual([6, 20, 20, 0]);
  });

  it('make every row as wide as it is told, without a gap for what is left out', () => {
    for (const width of [120, 80, 66, 50]) {
      expect(tableLine(TABLE, ['1 k', '/etc', 'deleted', '****'], width)).toHaveLength(width);
    }
    expect(tableLine(TABLE, ['1 k', '/etc', 'deleted', '****'], 50)).not.toContain('*');
  });
});
