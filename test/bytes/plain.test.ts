import { describe, expect, it } from 'vitest';
import { compress } from '../../fixtures/compress.ts';
import { file, packTar } from '../../fixtures/tar.ts';
import { isPlain } from '../../src/bytes/plain.ts';
import { extentOf } from '../ledger-of.ts';

describe('a stored layer', () => {
  it('is plain if it is a tar, or shorter than any magic number', async () => {
    expect(isPlain(extentOf(await packTar([file('a', 'a')])))).toBe(true);
    expect(isPlain(extentOf(new Uint8Array(0)))).toBe(true);
  });

  it('is not plain if it is compressed', async () => {
    expect(isPlain(extentOf(compress(await packTar([file('a', 'a')]), 'gzip')))).toBe(false);
  });

  it('is plain if it cannot be opened, so that reading it reports why', () => {
    expect(isPlain({ source: { kind: 'file', path: '/absent/layer.tar' }, offset: 0, size: 9 })).toBe(true);
  });
});
