import { describe, expect, it } from 'vitest';
import { LARGE_NUMBERS, SMALL_NUMBERS, WideningColumn } from '../../src/layer/widening-column.ts';

function columnOf(kinds: ConstructorParameters<typeof WideningColumn>[0], values: readonly number[]) {
  const column = new WideningColumn(kinds, values.length);
  values.forEach((value, i) => column.set(i, value));
  return column.finish(values.length);
}

describe('a column of numbers', () => {
  it('takes one byte per small owner id, and two or four once there is a larger one', () => {
    expect(columnOf(SMALL_NUMBERS, [0, 255])).toEqual(Uint8Array.of(0, 255));
    expect(columnOf(SMALL_NUMBERS, [0, 1000, 65_535])).toEqual(Uint16Array.of(0, 1000, 65_535));
    expect(columnOf(SMALL_NUMBERS, [0, 65_536, 1])).toEqual(Uint32Array.of(0, 65_536, 1));
  });

  it.each([
    ['a size beyond 4 GiB', 2 ** 32],
    ['a time before 1970', -1],
    ['a time with fractions', 1_700_000_000.25],
    ['the largest whole number', Number.MAX_SAFE_INTEGER],
  ])('keeps %s and the earlier numbers exactly', (_, value) => {
    expect(columnOf(LARGE_NUMBERS, [7, value, 8])).toEqual(Float64Array.of(7, value, 8));
  });

  it('keeps its numbers when it grows', () => {
    const column = new WideningColumn(LARGE_NUMBERS, 1);
    column.set(0, 5);
    column.resize(3);
    column.set(2, 6);
    expect(column.finish(3)).toEqual(Uint32Array.of(5, 0, 6));
  });

  it('does not go beyond the widest array type', () => {
    expect(columnOf(LARGE_NUMBERS, [Number.NaN])).toEqual(Float64Array.of(Number.NaN));
  });
});
