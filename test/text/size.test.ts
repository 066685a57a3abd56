import { describe, expect, it } from 'vitest';
import { exactSize, humanSize, parseSize } from '../../src/text/size.ts';

describe('humanSize', () => {
  it.each([
    [0, '0 B'],
    [301, '301 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1675, '1.7 kB'],
    [9949, '9.9 kB'],
    [9950, '10 kB'],
    [214_000, '214 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [5_400_000, '5.4 MB'],
    [82_000_000, '82 MB'],
    [1_200_000_000, '1.2 GB'],
    [3e12, '3.0 TB'],
    [-1675, '-1.7 kB'],
    [Number.NaN, '?'],
    [Number.POSITIVE_INFINITY, '?'],
  ])('%d is %s', (bytes, text) => {
    expect(humanSize(bytes)).toBe(text);
  });
});

describe('exactSize', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1_234_567, '1,234,567'],
    [-1_234, '-1,234'],
  ])('%d is %s', (bytes, text) => {
    expect(exactSize(bytes)).toBe(text);
  });
});

describe('parseSize', () => {
  it.each([
    ['512', 512],
    ['512B', 512],
    ['20MB', 20_000_000],
    ['1.5 G', 1_500_000_000],
    ['64KiB', 65_536],
    [' 3k ', 3000],
  ])('%j is %d', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', 'MB', '20 monkeys', '-1', '1e3', '.5', '1iB', '99999999999T'])('%j is no size', (text) => {
    expect(parseSize(text)).toBeNull();
  });
});
