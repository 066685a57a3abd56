import { expect, it } from 'vitest';
import { NumberList } from '../../src/layer/number-list.ts';

it('a list keeps every number of 32 bits in order, however many there are', () => {
  const list = new NumberList();
  const numbers = Array.from({ length: 100 }, (_, i) => 2 ** 32 - 1 - i);
  for (const number of numbers) list.push(number);
  expect([...list.finish()]).toEqual(numbers);
  expect(list.length).toBe(100);
});

it('an empty list has no numbers', () => {
  expect(new NumberList().finish()).toEqual(new Uint32Array(0));
});
