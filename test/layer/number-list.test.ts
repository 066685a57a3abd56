import { expect, it } from 'vitest';
import { NumberList } from '../../src/layer/number-list.ts';

it('keeps any number of 32-bit numbers in order', () => {
  const list = new NumberList();
  const numbers = Array.from({ length: 100 }, (_, i) => 2 ** 32 - 1 - i);
  for (const number of numbers) list.push(number);
  expect([...list.finish()]).toEqual(numbers);
  expect(list.length).toBe(100);
});

it('returns no numbers for an empty list', () => {
  expect(new NumberList().finish()).toEqual(new Uint32Array(0));
});
