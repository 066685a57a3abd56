import { describe, expect, it } from 'vitest';
import { device, dir, file, hardlink, opaque, packTar, symlink, whiteout } from '../../fixtures/tar.ts';
import { sparseGet } from '../../src/layer/sparse-bytes.ts';
import { indexEntries, indexTar, latin1, pathsOf, rawNamesOf, typesOf, whiteoutsOf } from './building.ts';

describe('names', () => {
  it.each([
    ['etc/passwd', '/etc/passwd', null],
    ['./etc/passwd', '/etc/passwd', null],
    ['/etc/passwd', '/etc/passwd', '/etc/passwd'],
    ['a//b', '/a/b', 'a//b'],
    ['a/./b', '/a/b', 'a/./b'],
    ['a/../b', '/b', 'a/../b'],
    ['../../etc/shadow', '/etc/shadow', '../../etc/shadow'],
    ['a/..', '/', 'a/..'],
  ])('reads the name %s as the path %s', async (name, path, raw) => {
    const built = await indexEntries(file(name, 'x'));
    expect(pathsOf(built)).toEqual([path]);
    expect(rawNamesOf(built)).toEqual([raw]);
  });

  it('keeps names that are not UTF-8 byte for byte', async () => {
    const built = await indexEntries(file(Buffer.from('a/\xff\xfe', 'latin1'), 'x'));
    expect(pathsOf(built)).toEqual(['/a/\xff\xfe']);
  });
});

describe('whiteouts', () => {
  it('records the path that a whiteout hides, and opaque directories', async () => {
    const built = await indexEntries(dir('a'), whiteout('a/b'), opaque('a'), whiteout('c'));
    expect(whiteoutsOf(built)).toEqual(['/a/b', 'opaque:/a', '/c']);
    expect(pathsOf(built)).toEqual(['/a']);
  });

  it('recognizes a whiteout by the last segment alone', async () => {
    const built = await indexEntries(file('xwh.y'), dir('.white'), file('.wh.d/e'), file('a/.wh'));
    expect(whiteoutsOf(built)).toEqual([]);
    expect(pathsOf(built)).toEqual(['/xwh.y', '/.white', '/.wh.d/e', '/a/.wh']);
  });

  it('ignores the internal files of aufs', async () => {
    const built = await indexEntries(file('.wh..wh.aufs'), dir('.wh..wh.plnk'), dir('.wh..wh.orph'));
    expect([whiteoutsOf(built), pathsOf(built)]).toEqual([[], []]);
  });

  it.each(['.wh.', '.wh..', '.wh...'])('reports a whiteout without a target name: %s', async (name) => {
    const built = await indexEntries(file(name));
    expect(whiteoutsOf(built)).toEqual([]);
    expect(built.warnings.map(({ message }) => message)).toEqual(['whiteout without a target name']);
  });
});

it('keeps the attributes of every type of entry', async () => {
  const capability = Buffer.from([1, 0, 0, 2, 0xff, 0, 0x80]);
  const built = await indexEntries(
    file('f', 'content', { mode: 0o4755, uid: 7, gid: 8, xattrs: { 'security.capability': capability } }),
    symlink('s', '../target'),
    hardlink('h', 'f'),
    device('d', 'character', 5, 1),
  );
  const { columns } = built;
  expect(typesOf(built)).toEqual(['file', 'symlink', 'hardlink', 'character']);
  expect([columns.mode[0], columns.uid[0], columns.gid[0], columns.size[0]]).toEqual([0o4755, 7, 8, 7]);
  expect(columns.extras.get(0)?.xattrs?.get('security.capability')).toEqual(new Uint8Array(capability));
  expect(columns.extras.get(3)?.device).toEqual([5, 1]);
  expect([1, 2].map((entry) => latin1(sparseGet(columns.links, entry)!))).toEqual(['../target', 'f']);
});

it('reports an owner id beyond 32 bits and does not truncate it', async () => {
  const built = indexTar(await packTar([file('f', '', { pax: { uid: String(2 ** 32 + 1), gid: '-1' } })]));
  expect([built.columns.uid[0], built.columns.gid[0]]).toEqual([0xffffffff, 0xffffffff]);
  expect(built.warnings.map(({ code }) => code)).toEqual(['bad-number', 'bad-number']);
});

it('returns thousands of directories and files as they were written', async () => {
  const names = Array.from({ length: 3000 }, (_, i) => `d${i % 50}/e${i % 7}/f${i}`);
  const built = await indexEntries(...names.map((name) => file(name)));
  expect(pathsOf(built)).toEqual(names.map((name) => `/${name}`));
});
