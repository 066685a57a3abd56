import { expect, it } from 'vitest';
import { dir, file, opaque, whiteout } from '../../fixtures/tar.ts';
import { diveFigures } from '../../src/ledger/dive.ts';
import { ledgerOf } from '../ledger-of.ts';

it('counts a path with a single copy as no waste', async () => {
  expect(diveFigures(await ledgerOf([[file('a', 'xxxx')], [file('b', 'yy')]]))).toEqual({
    efficiency: 1,
    sizeBytes: 6,
    userSizeBytes: 2,
    wastedBytes: 0,
    userWastedPercent: 0,
  });
});

it('counts every copy of a path as waste, including the live one', async () => {
  expect(diveFigures(await ledgerOf([[file('a', 'xxxx')], [file('a', 'yy')]]))).toEqual({
    efficiency: 2 / 6,
    sizeBytes: 6,
    userSizeBytes: 2,
    wastedBytes: 6,
    userWastedPercent: 3,
  });
});

it('counts a whiteout of a file as an empty copy', async () => {
  expect(diveFigures(await ledgerOf([[file('a', 'xxxx')], [whiteout('a')]]))).toMatchObject({
    efficiency: 0,
    wastedBytes: 4,
    userWastedPercent: 0,
  });
});

it('counts a whiteout of a directory as one copy of everything in it, but not as waste', async () => {
  const ledger = await ledgerOf([
    [dir('d'), file('d/a', 'xxxx'), file('d/b', 'yy')],
    [whiteout('d/b')],
    [whiteout('d')],
  ]);
  // Copies: /d/a 4, /d/b 2 and 0, /d 4.
  expect(diveFigures(ledger)).toMatchObject({ efficiency: 8 / 10, wastedBytes: 2 });
});

it('ignores opaque directories', async () => {
  expect(
    diveFigures(
      await ledgerOf([
        [dir('d'), file('d/a', 'xxxx')],
        [dir('d'), opaque('d')],
      ]),
    ),
  ).toMatchObject({ efficiency: 1, wastedBytes: 0 });
});

it('computes figures for an empty image', async () => {
  expect(diveFigures(await ledgerOf([]))).toEqual({
    efficiency: 1,
    sizeBytes: 0,
    userSizeBytes: 0,
    wastedBytes: 0,
    userWastedPercent: 0,
  });
});
