import { expect, it } from 'vitest';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file, type FixtureEntry, packTar } from '../../fixtures/tar.ts';
import { memorySource } from '../../src/bytes/source.ts';
import { chooseImage } from '../../src/image/choose.ts';
import { openSource } from '../../src/image/open.ts';
import { LayerPool } from '../../src/layer/pool.ts';
import { compareBytes } from '../../src/ledger/compare-bytes.ts';
import { unsettledPairs } from '../../src/ledger/settle.ts';
import { stackImage, type StackOptions } from '../../src/ledger/stack.ts';
import type { StackedImage } from '../../src/ledger/stacked-image.ts';
import { extentOf, ledgerOfTars, pathText } from '../ledger-of.ts';

const LONG = `folder/${'n'.repeat(200)}`;
const large = Buffer.alloc(200_000, 'abc');
const otherAt = (at: number): Buffer => {
  const other = Buffer.from(large);
  other[at] = 0;
  return other;
};

const LOWER: FixtureEntry[] = [
  file('same', 'content'),
  file('different', 'one'),
  file('large', large),
  file('first-byte', large),
  file('last-byte', large),
  file('behind-a-piece', large),
  file('end-of-a-piece', large),
  file(LONG, 'long'),
  file('other-size', 'a'),
];
const UPPER: FixtureEntry[] = [
  file('other-size', 'ab'),
  file(LONG, 'LONG'),
  file('end-of-a-piece', otherAt(65_535)),
  file('behind-a-piece', otherAt(65_536)),
  file('last-byte', otherAt(199_999)),
  file('first-byte', otherAt(0)),
  file('large', large, { mode: 0o600 }),
  file('different', 'two'),
  file('same', 'content', { mode: 0o755 }),
];

it('tells contents apart wherever they differ', async () => {
  const tars = [await packTar(LOWER), await packTar(UPPER)];
  const ledger = await ledgerOfTars(tars, false);
  const layerAt = (
    layer: number,
  ): { blob: ReturnType<typeof extentOf>; entries: NonNullable<(typeof ledger.layers)[0]> } => ({
    blob: extentOf(tars[layer]!),
    entries: ledger.layers[layer]!,
  });
  const same = await compareBytes(unsettledPairs(ledger), layerAt);
  const told = [...same].map(([event, equal]) => [pathText(ledger, ledger.pathOf(event)), equal]);
  expect(Object.fromEntries(told)).toEqual({
    '/same': true,
    '/large': true,
    '/different': false,
    '/first-byte': false,
    '/last-byte': false,
    '/behind-a-piece': false,
    '/end-of-a-piece': false,
    [`/${LONG}`]: false,
  });
});

it('says nothing of what is not there to its end, nor of layers that it cannot read', async () => {
  const tars = [await packTar([file('a', large)]), await packTar([file('a', large)])];
  const ledger = await ledgerOfTars(tars, false);
  const pairs = unsettledPairs(ledger);
  const entries = ledger.layers[0]!;
  const cut = await compareBytes(pairs, (layer) => ({
    blob: extentOf(tars[layer]!.subarray(0, layer === 1 ? 100_000 : undefined)),
    entries: ledger.layers[layer]!,
  }));
  const unread = await compareBytes(pairs, (layer) =>
    layer === 1 ? null : { blob: extentOf(tars[0]!), entries },
  );
  expect([pairs.length, cut.size, unread.size]).toEqual([1, 0, 0]);
});

async function stacked(
  contents: NonNullable<StackOptions['contents']>,
  form: 'hybrid' | 'containerd',
): Promise<StackedImage> {
  const steps = [LOWER, UPPER].map((entries) => ({ createdBy: 'COPY . /', entries }));
  const bytes = await dockerArchive([await buildImage({ names: ['a:1'], steps })], { form });
  const archive = await openSource(memorySource('a', bytes), bytes.length, 'a');
  return stackImage(chooseImage(archive).open(), { pool: new LayerPool(0), verify: 'never', contents });
}

function hashes({ ledger }: StackedImage): number {
  return ledger.layers.reduce((sum, layer) => sum + (layer?.hashes?.entries.length ?? 0), 0);
}

it.each([
  ['plain', 'hybrid'],
  ['gzip', 'containerd'],
] as const)('stacks %s layers to the same ledger as with hashes', async (kind, form) => {
  const compared = await stacked('compared', form);
  const hashed = await stacked('hashed', form);
  expect(compared.ledger.columns).toEqual(hashed.ledger.columns);
  expect(compared.ledger.unverified).toEqual([]);
  expect(hashes(hashed)).toBeGreaterThanOrEqual(16);
  expect(hashes(compared)).toBe(kind === 'plain' ? 0 : hashes(hashed));
});
