import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { packTar } from '../../fixtures/tar.ts';
import { PathTable } from '../../src/layer/path-table.ts';
import { scanLayer } from '../../src/layer/scan.ts';
import { extentOf } from '../ledger-of.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

it('hashes, where asked to, only the files at paths that other layers have', async () => {
  const tar = await packTar([
    { path: 'etc/', type: 'directory' },
    { path: 'etc/passwd', content: 'root' },
    { path: 'etc/new', content: 'nobody else has it' },
    { path: 'srv/www/index', content: 'hello' },
  ]);
  const known = new PathTable();
  const segment = (parent: number, name: string): number => known.child(parent, Buffer.from(name));
  segment(segment(0, 'etc'), 'passwd');
  segment(segment(segment(0, 'srv'), 'www'), 'index');

  const scan = await scanLayer(extentOf(tar), { digests: false, hashContents: { at: known.columns() } });

  const { entries, sha256: hashes } = scan.hashes!;
  expect([...entries]).toEqual([1, 3]);
  expect(Buffer.from(hashes).toString('hex')).toBe(sha256('root') + sha256('hello'));
});

it('gives digests only where it was asked for them', async () => {
  const tar = await packTar([{ path: 'a', content: 'a' }]);
  const plain = await scanLayer(extentOf(tar), { digests: false, hashContents: 'none' });
  const verified = await scanLayer(extentOf(tar), { digests: true, hashContents: 'none' });
  expect([plain.digest, plain.diffId, plain.hashes]).toEqual([null, null, null]);
  const digest = `sha256:${createHash('sha256').update(tar).digest('hex')}`;
  expect([verified.digest, verified.diffId]).toEqual([digest, digest]);
});
