import { expect, it } from 'vitest';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file, type FixtureEntry } from '../../fixtures/tar.ts';
import { memorySource } from '../../src/bytes/source.ts';
import { chooseImage } from '../../src/image/choose.ts';
import { openSource } from '../../src/image/open.ts';
import { LayerPool } from '../../src/layer/pool.ts';
import { stackImage } from '../../src/ledger/stack.ts';
import type { StackedImage } from '../../src/ledger/stacked-image.ts';
import { lineText } from '../ledger-of.ts';

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
  file(LONG, 'long'),
];
const UPPER: FixtureEntry[] = [
  file(LONG, 'LONG'),
  file('last-byte', otherAt(199_999)),
  file('first-byte', otherAt(0)),
  file('large', large, { mode: 0o600 }),
  file('different', 'two'),
  file('same', 'content', { mode: 0o755 }),
];

async function stacked(form: 'hybrid' | 'containerd'): Promise<StackedImage> {
  const steps = [LOWER, UPPER].map((entries) => ({ createdBy: 'COPY . /', entries }));
  const bytes = await dockerArchive([await buildImage({ names: ['a:1'], steps })], { form });
  const archive = await openSource(memorySource('a', bytes), bytes.length, 'a');
  return stackImage(chooseImage(archive).open(), { pool: new LayerPool(0), verify: 'never' });
}

it.each([
  ['plain', 'hybrid'],
  ['gzip', 'containerd'],
] as const)('tells files of one size apart by their contents in %s layers', async (_, form) => {
  const { ledger } = await stacked(form);
  expect(ledger.unverified).toEqual([]);
  const changes = ['same', 'large', 'different', 'first-byte', 'last-byte', LONG].map(
    (path) => lineText(ledger, `/${path}`)[1],
  );
  expect(changes).toEqual([
    '1 metadata',
    '1 metadata',
    '1 modified',
    '1 modified',
    '1 modified',
    '1 modified',
  ]);
});
