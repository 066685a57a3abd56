import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { packTar } from '../../fixtures/tar.ts';
import { PathTable } from '../../src/layer/path-table.ts';
import { scanLayer } from '../../src/layer/scan.ts';
import { extentOf } from '../ledger-of.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

it('hashes only the files at paths that other layers have, if requested', async () => {
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

it('computes digests only on request', async () => {
  const tar = await packTar([{ path: 'a', content: 'a' }]);
  const plain = await scanLayer(extentOf(tar), { digests: false, hashContents: 'none' });
  const verified = await scanLayer(extentOf(tar), { digests: true, hashContents: 'none' });
  expect([plain.digest, plain.diffId, plain.hashes]).toEqual([null, null, null]);
  const digest = `sha256:${createHash('sha256').update(tar).digest('hex')}`;
  expect([verified.digest, verified.diffId]).toEqual([digest, digest]);
});

it('keeps the contents of selected files, however their names are written', async () => {
  const tar = await packTar([
    { path: './etc/passwd', content: 'root' },
    { path: '/etc/group', content: 'wheel' },
    { path: 'srv/etc/passwd', content: 'not from the root' },
    { path: 'etc/shadow', content: 'cut short, '.repeat(100) },
  ]);
  const keep = /^\/etc\/(?:passwd|group|shadow)$/;
  const options = { digests: false, hashContents: 'none', keep } as const;
  const { kept } = await scanLayer(extentOf(tar.subarray(0, -2000)), options);
  expect(Array.from(kept, ([entry, bytes]) => [entry, Buffer.from(bytes).toString()])).toEqual([
    [0, 'root'],
    [1, 'wheel'],
  ]);
});

it('hashes and keeps contents in one pass', async () => {
  const tar = await packTar([
    { path: 'a', content: 'kept' },
    { path: 'b', content: 'only hashed' },
  ]);
  const scan = await scanLayer(extentOf(tar), { digests: false, hashContents: 'all', keep: /^\/a$/ });
  expect([...scan.kept.keys()]).toEqual([0]);
  expect(Buffer.from(scan.hashes!.sha256).toString('hex')).toBe(sha256('kept') + sha256('only hashed'));
});
