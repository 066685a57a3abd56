import { expect, it } from 'vitest';
import { type FixtureEntry, file, hardlink, symlink, whiteout } from '../../fixtures/tar.ts';
import { contentGenerations } from '../../src/ledger/generations.ts';
import { ledgerOf, pathId } from '../ledger-of.ts';

/** The generations of /a as `number: places, size state, end`. */
async function generations(...layers: FixtureEntry[][]): Promise<string[]> {
  const ledger = await ledgerOf(layers);
  return contentGenerations(ledger, pathId(ledger, '/a')).map(({ number, places, size, state, end }) => {
    const where = places.map(({ layer, entry }) => `${layer}.${entry}`).join(' ');
    const ended = end === null ? '' : `, ${end.how} in ${end.layer}`;
    return `${number}: ${where}, ${size} ${state}${ended}`;
  });
}

it('numbers the contents of a path from the oldest', async () => {
  expect(await generations([file('a', 'x')], [file('a', 'yy')], [whiteout('a')])).toEqual([
    '1: 0.0, 1 deleted, overwritten in 1',
    '2: 1.0, 2 deleted, whiteout in 2',
  ]);
});

it('keeps copies of one content together: a chmod makes no new generation', async () => {
  expect(
    await generations([file('a', 'x')], [file('a', 'x', { mode: 0o600 })], [file('a', 'x', { mtime: 1 })]),
  ).toEqual(['1: 0.0 1.0 2.0, 1 live']);
});

it('begins anew after a deletion, even with the same content', async () => {
  expect(await generations([file('a', 'x')], [whiteout('a')], [file('a', 'x')])).toEqual([
    '1: 0.0, 1 shadowed, whiteout in 1',
    '2: 2.0, 1 live',
  ]);
});

it('has none while the path is no file', async () => {
  expect(await generations([file('a', 'x')], [symlink('a', 'b')], [file('a', 'z')])).toEqual([
    '1: 0.0, 1 shadowed, replacement in 1',
    '2: 2.0, 1 live',
  ]);
});

it('takes a hard link for the file that it names', async () => {
  expect(await generations([file('b', 'xyz'), hardlink('a', 'b')], [file('a', 'new')])).toEqual([
    '1: 0.0, 3 shadowed, overwritten in 1',
    '2: 1.0, 3 live',
  ]);
});

it('has the members that a tar superseded, in their order', async () => {
  expect(await generations([file('a', 'x'), file('a', 'yy'), file('a', 'zzz')])).toEqual([
    '1: 0.0, 1 shadowed, duplicate in 0',
    '2: 0.1, 2 shadowed, duplicate in 0',
    '3: 0.2, 3 live',
  ]);
});
