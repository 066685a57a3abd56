import { describe, expect, it } from 'vitest';
import { gzip } from '../../fixtures/compress.ts';
import { ociArchive } from '../../fixtures/forms.ts';
import { buildImage, type FixtureLayer } from '../../fixtures/image.ts';
import { rawHeader } from '../../fixtures/raw-header.ts';
import { file, packTar } from '../../fixtures/tar.ts';
import { memorySource } from '../../src/bytes/source.ts';
import { openSource } from '../../src/image/open.ts';
import { LayerPool } from '../../src/layer/pool.ts';
import { incompleteOf } from '../../src/ledger/incomplete.ts';
import type { Incomplete } from '../../src/ledger/unread-parts.ts';
import { stackImage } from '../../src/ledger/stack.ts';
import type { StackedImage } from '../../src/ledger/stacked-image.ts';
import { bzip2Magic } from '../image/compressed.ts';

/** Stacks an image of an intact layer and, on top of it, the given one. */
async function stackedWith(layer: FixtureLayer): Promise<StackedImage> {
  const below: FixtureLayer = { createdBy: 'COPY base /', entries: [file('base', 'base')] };
  const bytes = await ociArchive([await buildImage({ names: ['t:1'], steps: [below, layer] })]);
  const archive = await openSource(memorySource('image.tar', bytes), bytes.length, 'image.tar');
  const pool = new LayerPool(0);
  try {
    return await stackImage(archive.choices[0]!.open(), { pool, verify: 'now' });
  } finally {
    pool.close();
  }
}

async function judged(layer: Omit<FixtureLayer, 'createdBy'>): Promise<[string, Incomplete[]]> {
  const stacked = await stackedWith({ createdBy: 'COPY x /', ...layer });
  expect(stacked.layers[0]!.status).toBe('indexed');
  return [stacked.layers[1]!.status, incompleteOf(stacked)];
}

/** Returns bytes without a pattern, the same in every run. */
const noise = Buffer.from(
  Array.from({ length: 20_000 }, (_, i) => (Math.imul(i + 7, 2_654_435_761) >>> 13) & 0xff),
);
const tar = await packTar([file('x', 'content of x'), file('y', 'y'.repeat(2000))]);
const unended = await packTar([file('x', 'x')], { endBlocks: false });
const png = Buffer.from('89504e470d0a1a0a', 'hex');

describe('a layer that was read', () => {
  it.each([
    ['a tar', { tar }],
    ['zeros only', { tar: Buffer.alloc(10_240) }],
    ['no bytes', { tar: Buffer.alloc(0) }],
    ['a tar without end blocks', { tar: unended }],
    [
      'a tar with bytes after its gzip stream',
      { tar, blob: Buffer.concat([gzip(tar), Buffer.from('left')]) },
    ],
    ['a tar of an odd media type', { tar, mediaType: 'application/octet-stream' }],
  ] as const)('is indexed: %s', async (_, layer) => {
    expect(await judged(layer)).toEqual(['indexed', []]);
  });

  it.each([
    ['a text', { tar: Buffer.from('{"kind": "policy"}'), mediaType: 'application/vnd.acme.policy+json' }],
    [
      'a text with a tar after it',
      { tar: Buffer.concat([Buffer.from('text'.repeat(128)), tar]), mediaType: 'text/plain' },
    ],
    ['a picture', { tar: Buffer.concat([png, noise]), mediaType: 'image/png' }],
  ] as const)('is opaque if neither its media type nor its content is a tar: %s', async (_, layer) => {
    expect(await judged(layer)).toEqual(['opaque', []]);
  });
});

describe('a layer that was not read completely', () => {
  it.each([
    ['missing', { tar, missing: true }, 'missing', /is not in the image's archive/],
    ['squashfs', { tar: Buffer.concat([Buffer.from('hsqs'), noise]) }, 'damaged', /squashfs/],
    [
      'encrypted',
      { tar: noise, mediaType: 'application/vnd.oci.image.layer.v1.tar+encrypted' },
      'damaged',
      /encrypted/,
    ],
    ['noise', { tar: noise }, 'damaged', /not a tar/],
    ['noise in gzip', { tar: noise, compression: 'gzip' }, 'damaged', /not a tar/],
    ['noise after zeros', { tar: Buffer.concat([Buffer.alloc(2048), noise]) }, 'damaged', /not a tar/],
    ['bzip2', { tar, blob: Buffer.concat([bzip2Magic(), noise]) }, 'damaged', /bzip2/],
  ] as const)('counts as %s', async (_, layer, status, reason) => {
    const [is, incomplete] = await judged(layer);
    expect(is).toBe(status);
    expect(incomplete).toEqual([expect.objectContaining({ layer: 1, what: 'layer', file: 'image.tar' })]);
    expect(incomplete[0]!.reason).toMatch(reason);
  });

  it.each([
    ['inside a member', { tar: tar.subarray(0, 2500) }],
    ['inside a header', { tar: tar.subarray(0, 1024 + 100) }],
    ['inside its gzip stream', { tar, blob: gzip(tar).subarray(0, 60) }],
    ['inside a member, in a whole gzip stream', { tar: tar.subarray(0, 2500), compression: 'gzip' }],
    [
      'inside a member, before bytes after the gzip stream',
      { tar, blob: Buffer.concat([gzip(tar.subarray(0, 2500)), Buffer.from('left')]) },
    ],
  ] as const)('is damaged if it ends %s', async (_, layer) => {
    const [status, incomplete] = await judged(layer);
    expect(status).toBe('damaged');
    expect(incomplete.length).toBeGreaterThan(0);
    for (const part of incomplete) expect(part).toMatchObject({ layer: 1, what: 'range' });
  });

  it('is damaged if other bytes precede the tar, but its members are still found', async () => {
    const stacked = await stackedWith({
      createdBy: 'COPY x /',
      tar: Buffer.concat([noise.subarray(0, 1024), tar]),
    });
    expect(stacked.layers[1]!.status).toBe('damaged');
    expect(incompleteOf(stacked)).toMatchObject([{ layer: 1, what: 'range' }]);
    expect(stacked.ledger.layers[1]!.count).toBe(2);
  });

  it('lists a block that is not a header, even after many harmless warnings', async () => {
    const unknown = Array.from({ length: 150 }, () => rawHeader({ name: 'v', typeflag: 'V', size: 0 }));
    const [, incomplete] = await judged({ tar: Buffer.concat([...unknown, noise.subarray(0, 512), tar]) });
    expect(incomplete).toEqual([
      expect.objectContaining({ layer: 1, reason: expect.stringMatching(/not a tar header/) }),
    ]);
  });
});

it('lists a layer that is in the config but not in the manifest', async () => {
  const stacked = await stackedWith({ createdBy: 'COPY x /', tar });
  const { config } = stacked.image;
  const image = { ...stacked.image, config: { ...config, diffIds: [...config.diffIds, config.diffIds[0]!] } };
  expect(incompleteOf({ ...stacked, image })).toMatchObject([{ layer: null, what: 'layer' }]);
});
