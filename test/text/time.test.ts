import { describe, expect, it } from 'vitest';
import { ageText, isoTime } from '../../src/text/time.ts';

describe('isoTime', () => {
  it.each([
    [0, '1970-01-01T00:00:00Z'],
    [1_714_979_289, '2024-05-06T07:08:09Z'],
    [1_714_979_289.25, '2024-05-06T07:08:09.250Z'],
    [-1, '1969-12-31T23:59:59Z'],
    [8.64e12, '+275760-09-13T00:00:00Z'],
    [8.64e12 + 1, null],
    [2 ** 63, null],
    [Number.NaN, null],
    [Number.NEGATIVE_INFINITY, null],
  ])('%d is %s', (seconds, text) => {
    expect(isoTime(seconds)).toBe(text);
  });
});

describe('ageText', () => {
  const now = new Date('2024-05-06T12:00:00Z');
  it.each([
    ['2024-05-06T12:00:00Z', '0 seconds'],
    ['2024-05-06T11:59:59Z', '1 second'],
    ['2024-05-06T11:30:00Z', '30 minutes'],
    ['2024-05-06T11:00:00Z', '1 hour'],
    ['2024-05-03T11:00:00Z', '3 days'],
    ['2024-04-06T12:00:00Z', '30 days'],
    ['2023-12-06T12:00:00Z', '4 months'],
    ['2021-01-01T00:00:00Z', '3 years'],
    ['2024-05-09T13:00:00Z', 'in 3 days'],
    ['2024-05-06T12:00:00.400Z', '0 seconds'],
    ['yesterday', ''],
  ])('%s: %s', (from, text) => {
    expect(ageText(from, now)).toBe(text);
  });
});
