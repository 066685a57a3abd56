import { describe, expect, it } from 'vitest';
import { formatTable } from '../../src/text/table.ts';
import { displayWidth } from '../../src/text/width.ts';

const rows = [
  ['1.7 k', '3', '/root/.ssh/id_rsa'],
  ['301 B', '12', '/app/.env'],
];

describe('formatTable', () => {
  it('aligns columns and does not pad the last one', () => {
    expect(formatTable(rows, { header: ['size', 'layer', 'path'], align: ['right', 'right'] })).toEqual([
      ' size  layer  path',
      '1.7 k      3  /root/.ssh/id_rsa',
      '301 B     12  /app/.env',
    ]);
  });

  it('cuts the last column for a narrow line', () => {
    expect(formatTable(rows, { maxWidth: 20, gap: 1 })).toEqual([
      '1.7 k 3  /root/.ssh~',
      '301 B 12 /app/.env',
    ]);
  });

  it('has no trailing spaces after an empty cell', () => {
    expect(formatTable([['a', ''], ['bb', 'c'], ['d']], {})).toEqual(['a', 'bb  c', 'd']);
  });

  it('measures wide characters', () => {
    const [first, second] = formatTable(
      [
        ['\u65e5\u672c', 'x'],
        ['a', 'x'],
      ],
      {},
    );
    expect(displayWidth(first!)).toBe(displayWidth(second!));
  });

  it('returns no lines for no rows', () => {
    expect(formatTable([], {})).toEqual([]);
  });
});
