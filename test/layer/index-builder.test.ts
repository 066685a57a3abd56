import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gnuLong, rawHeader } from '../../fixtures/raw-header.ts';
import { device, dir, fifo, file, hardlink, opaque, symlink, whiteout } from '../../fixtures/tar.ts';
import { EntryFlag } from '../../src/layer/index-columns.ts';
import { ROOT } from '../../src/layer/path-table.ts';
import { sparseGet } from '../../src/layer/sparse-bytes.ts';
import { indexEntries, indexTar, latin1, pathsOf, rawNamesOf, typesOf, whiteoutsOf } from './building.ts';

const END = Buffer.alloc(1024);

function named(...names: (string | Uint8Array)[]): Buffer {
  const parts = names.flatMap((name) => [
    ...(Buffer.byteLength(name) > 100 ? [gnuLong('L', name)] : []),
    rawHeader({ name, typeflag: '0', magic: 'gnu' }),
  ]);
  return Buffer.concat([...parts, END]);
}

describe('the columns of a layer', () => {
  it('hold what the headers say, in the order of the tar', async () => {
    const built = await indexEntries(
      dir('etc/', { mode: 0o1777, uid: 1, gid: 2, mtime: 1000 }),
      file('etc/passwd', 'root\n', { mode: 0o4644, uid: 3_000_000_000, mtime: -5 }),
      symlink('link', '/etc/passwd'),
      hardlink('hard', 'etc/passwd'),
      device('null', 'character', 1, 3),
      device('sda', 'block', 8, 256),
      fifo('pipe'),
      file('caps', 'x', { xattrs: { 'security.capability': Uint8Array.of(1, 0, 0, 2, 255) } }),
    );
    const { columns } = built;
    expect(pathsOf(built)).toEqual([
      '/etc',
      '/etc/passwd',
      '/link',
      '/hard',
      '/null',
      '/sda',
      '/pipe',
      '/caps',
    ]);
    expect(typesOf(built)).toEqual([
      'directory',
      'file',
      'symlink',
      'hardlink',
      'character',
      'block',
      'fifo',
      'file',
    ]);
    expect([...columns.mode.slice(0, 2)]).toEqual([0o1777, 0o4644]);
    expect([...columns.uid.slice(0, 2)]).toEqual([1, 3_000_000_000]);
    expect(columns.gid[0]).toBe(2);
    expect([...columns.size]).toEqual([0, 5, 0, 0, 0, 0, 0, 1]);
    expect([...columns.mtime.slice(0, 2)]).toEqual([1000, -5]);
    expect(latin1(sparseGet(columns.links, 2)!)).toBe('/etc/passwd');
    expect(latin1(sparseGet(columns.links, 3)!)).toBe('etc/passwd');
    expect(sparseGet(columns.links, 1)).toBeNull();
    expect(columns.extras.get(4)).toEqual({ device: [1, 3] });
    expect(columns.extras.get(5)).toEqual({ device: [8, 256] });
    expect(columns.extras.get(7)?.xattrs?.get('security.capability')).toEqual(Uint8Array.of(1, 0, 0, 2, 255));
    expect([...columns.extras.keys()]).toEqual([4, 5, 7]);
    expect([...columns.headerBlock.slice(0, 3)]).toEqual([0, 1, 5]);
  });

  it('keep every entry of a path that comes twice', async () => {
    const built = await indexEntries(file('a', 'first'), file('b'), file('./a', 'second'));
    expect(pathsOf(built)).toEqual(['/a', '/b', '/a']);
    expect([...built.columns.size]).toEqual([5, 0, 6]);
  });

  it('grow far beyond what was expected', () => {
    const names = Array.from({ length: 5000 }, (_, i) => `folder${i % 70}/file${i}`);
    const built = indexTar(named(...names));
    expect(pathsOf(built)).toEqual(names.map((name) => `/${name}`));
    expect(built.paths.count).toBe(1 + 70 + 5000);
  });

  it('warn of owners beyond 32 bits', () => {
    const built = indexTar(Buffer.concat([rawHeader({ name: 'f', typeflag: '0', uid: 2 ** 33 + 7 }), END]));
    expect(built.columns.uid[0]).toBe(7);
    expect(built.warnings).toMatchObject([{ code: 'bad-number', offset: 0 }]);
  });

  it('keep a hundred warnings, so that junk does not fill the memory', () => {
    const bad = Array.from({ length: 150 }, (_, i) => rawHeader({ name: `f${i}`, typeflag: 'Z' }));
    const built = indexTar(Buffer.concat([...bad, END]));
    expect(built.columns.count).toBe(150);
    expect(built.warnings).toHaveLength(100);
  });
});

describe('names', () => {
  it.each([
    ['etc/passwd', '/etc/passwd', null],
    ['./etc/passwd', '/etc/passwd', null],
    ['etc/folder/', '/etc/folder', null],
    ['./', '/', null],
    ['.', '/', null],
    ['/etc/passwd', '/etc/passwd', '/etc/passwd'],
    ['//etc', '/etc', '//etc'],
    ['/', '/', '/'],
    ['etc//passwd', '/etc/passwd', 'etc//passwd'],
    ['etc/./passwd', '/etc/passwd', 'etc/./passwd'],
    ['././etc', '/etc', '././etc'],
    ['etc/.', '/etc', 'etc/.'],
    ['a/../b', '/b', 'a/../b'],
    ['../up', '/up', '../up'],
    ['../../..', '/', '../../..'],
    ['a/b/..', '/a', 'a/b/..'],
    ['/../etc', '/etc', '/../etc'],
    ['...', '/...', null],
    ['..a/.b', '/..a/.b', null],
    ['a/..b/c', '/a/..b/c', null],
  ])('%j is the path %s', (name, path, raw) => {
    const built = indexTar(named(name));
    expect(pathsOf(built)).toEqual([path]);
    expect(rawNamesOf(built)).toEqual([raw]);
  });

  it('leave the root or begin with a slash: both are marked', () => {
    const { columns } = indexTar(named('ok', '/abs', '../up', 'a/../../b', 'a/../ok', './ok', 'x/y'));
    const outside = [...columns.flags].map((flags) => (flags & EntryFlag.outside) !== 0);
    expect(outside).toEqual([false, true, true, true, true, false, false]);
  });

  it('that are empty stand for the root', () => {
    expect(pathsOf(indexTar(named('')))).toEqual(['/']);
  });

  it('need not be UTF-8', () => {
    const built = indexTar(
      named(Buffer.from('caf\xe9/\xff\xfe', 'latin1'), Buffer.from('caf\xc3\xa9', 'latin1')),
    );
    expect(pathsOf(built)).toEqual(['/caf\xe9/\xff\xfe', '/caf\xc3\xa9']);
    expect(rawNamesOf(built)).toEqual([null, null]);
  });

  it('do not depend on the names before them', () => {
    const segment = fc.constantFrom('a', 'b', 'ab', '.', '..', '', 'c.d');
    const name = fc
      .tuple(fc.array(segment, { minLength: 1, maxLength: 6 }), fc.constantFrom('', '/', './'))
      .map(([segments, front]) => front + segments.join('/'));
    fc.assert(
      fc.property(fc.array(name, { maxLength: 40 }), (names) => {
        const together = indexTar(named(...names));
        const alone = names.map((each) => indexTar(named(each)));
        expect(pathsOf(together)).toEqual(alone.flatMap(pathsOf));
        expect(rawNamesOf(together)).toEqual(alone.flatMap(rawNamesOf));
        expect([...together.columns.flags]).toEqual(alone.flatMap((each) => [...each.columns.flags]));
        expect(pathsOf(together)).toEqual(names.map(resolve));
      }),
      { numRuns: 300 },
    );
  });

  it('of any length lead to one path', () => {
    const long = `${'deep/'.repeat(5000)}file`;
    const huge = 'n'.repeat(70_000);
    const built = indexTar(named(long, huge, huge, `${long}2`));
    expect(pathsOf(built)[0]).toBe(`/${long}`);
    expect(built.columns.path[1]).toBe(built.columns.path[2]);
    expect(rawNamesOf(built)[1]).toBe(huge);
    expect(pathsOf(built)[3]).toBe(`/${long}2`);
  });
});

describe('whiteouts', () => {
  it('hide a path, or all of a folder', async () => {
    const built = await indexEntries(
      whiteout('etc/passwd'),
      opaque('var/cache/'),
      whiteout('top'),
      opaque(''),
      file('kept'),
    );
    expect(whiteoutsOf(built)).toEqual(['/etc/passwd', 'opaque:/var/cache', '/top', 'opaque:/']);
    expect(pathsOf(built)).toEqual(['/kept']);
    expect([...built.columns.whiteoutBlock]).toEqual([0, 1, 2, 3]);
  });

  it('are whiteouts whatever their type', () => {
    const built = indexTar(
      Buffer.concat([
        rawHeader({ name: 'a/.wh.link', typeflag: '2', linkname: 'x' }),
        rawHeader({ name: 'a/.wh.folder/', typeflag: '5' }),
        END,
      ]),
    );
    expect(whiteoutsOf(built)).toEqual(['/a/link', '/a/folder']);
    expect(built.columns.count).toBe(0);
  });

  it.each(['xwh.y', 'a.wh.b', '.white', '.wh', '.whx', 'wh.x', '.WH.x', 'a/.wh.b/c'])(
    '%s is none',
    (name) => {
      const built = indexTar(named(name));
      expect(whiteoutsOf(built)).toEqual([]);
      expect(pathsOf(built)).toEqual([`/${name}`]);
    },
  );

  it.each(['.wh..wh.aufs', '.wh..wh.plnk/', '.wh..wh.orph/', '.wh..wh.', '.wh..wh..opqx'])(
    '%s is housekeeping of aufs',
    (name) => {
      const built = indexTar(named(name));
      expect(whiteoutsOf(built)).toEqual([]);
      expect(built.columns.count).toBe(0);
      expect(built.warnings).toEqual([]);
    },
  );

  it('files that aufs keeps for hard links are there for those, and marked', () => {
    const built = indexTar(
      Buffer.concat([
        rawHeader({ name: '.wh..wh.plnk/', typeflag: '5' }),
        rawHeader({ name: '.wh..wh.plnk/12.34', typeflag: '0' }),
        rawHeader({ name: '.wh..wh.orph/folder/', typeflag: '5' }),
        rawHeader({ name: 'bin/a', typeflag: '1', linkname: '.wh..wh.plnk/12.34' }),
        END,
      ]),
    );
    expect(pathsOf(built)).toEqual(['/.wh..wh.plnk/12.34', '/bin/a']);
    expect([...built.columns.flags]).toEqual([EntryFlag.housekeeping, 0]);
  });

  it.each(['.wh.', 'a/.wh.', '.wh..', '.wh...', 'a/.wh...'])('%j names nothing, and is told of', (name) => {
    const built = indexTar(named(name));
    expect(whiteoutsOf(built)).toEqual([]);
    expect(built.columns.count).toBe(0);
    expect(built.warnings).toMatchObject([{ offset: 0, message: 'a whiteout that names nothing' }]);
  });

  it('of names that begin with dots are whiteouts of those', () => {
    expect(whiteoutsOf(indexTar(named('.wh..hidden', '.wh....', '.wh.a.', '.wh..a.')))).toEqual([
      '/.hidden',
      '/...',
      '/a.',
      '/.a.',
    ]);
  });

  it('take their folder from the name, however it is written', () => {
    expect(whiteoutsOf(indexTar(named('./a/.wh.b', '/a/.wh.b', 'a//.wh.b', '../a/.wh.b')))).toEqual([
      '/a/b',
      '/a/b',
      '/a/b',
      '/a/b',
    ]);
  });
});

/** What a name leads to, by the rules of a path. */
function resolve(name: string): string {
  const path: string[] = [];
  for (const segment of name.split('/')) {
    if (segment === '..') path.pop();
    else if (segment !== '' && segment !== '.') path.push(segment);
  }
  return `/${path.join('/')}`;
}

it('the root is no path of its own', () => {
  expect(indexTar(named('./')).columns.path[0]).toBe(ROOT);
});
