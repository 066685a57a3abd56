import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gnuLong, paxHeader, rawHeader, type RawHeader } from '../../fixtures/raw-header.ts';
import { PathTable } from '../../src/layer/path-table.ts';
import { type LayerScan, scanLayer, scanPlainLayer } from '../../src/layer/scan.ts';
import { UsualMembers } from '../../src/layer/usual-members.ts';
import { TarParser } from '../../src/tar/parser.ts';
import { LayerIndexBuilder } from '../../src/layer/index-builder.ts';
import { extentOf } from '../ledger-of.ts';
import { cases, fc } from '../property.ts';

const BLOCK = 512;
const END = Buffer.alloc(2 * BLOCK);
/** A memory that holds the tables of many tests, one after the other. */
const shared = UsualMembers.open(4 * 2 ** 30)!;

/** Returns the whole index of tars whose paths go into one table. */
async function indexOf(
  usual: UsualMembers | null,
  tars: readonly Uint8Array[],
  expected = 16,
): Promise<unknown> {
  const paths = new PathTable(expected, usual ?? undefined);
  const scans = [];
  for (const tar of tars) scans.push(await scanPlainLayer(extentOf(tar), paths, tar.length));
  const names = Array.from({ length: paths.count }, (_, id) =>
    Buffer.from(paths.path(id)).toString('latin1'),
  );
  const children = Array.from({ length: paths.count }, (_, id) => [
    paths.firstChild(id),
    paths.nextSibling(id),
  ]);
  return { scans, names, children };
}

/** Expects the same index with the loop and without it. */
async function expectSame(...tars: Uint8Array[]): Promise<void> {
  expect(await indexOf(shared, tars)).toEqual(await indexOf(null, tars));
}

/** Returns how many members of a tar the loop leaves to the general reader. */
function leftOf(tar: Uint8Array, usual = shared): number {
  const paths = new PathTable(1000, usual);
  const builder = new LayerIndexBuilder({ hashContents: 'none', paths });
  let left = 0;
  const sink = {
    run: builder.run,
    member(member: Parameters<LayerIndexBuilder['member']>[0]) {
      left++;
      return builder.member(member);
    },
    warning() {},
  };
  const parser = new TarParser(sink);
  usual.window.set(tar);
  parser.feed(usual.window.subarray(0, tar.length), 0);
  return left;
}

function memberOf(header: Partial<RawHeader> & { readonly name: string | Uint8Array }): Buffer {
  const typeflag = header.typeflag ?? '0';
  const size = typeflag === '0' ? (header.size ?? 0) : 0;
  return Buffer.concat([
    rawHeader({ typeflag, ...header }),
    Buffer.alloc(Math.ceil(size / BLOCK) * BLOCK, 'x'),
  ]);
}

const USUAL: readonly Buffer[] = [
  memberOf({
    name: 'usr/share/doc/file',
    size: 4711,
    mode: 0o4755,
    uid: 1000,
    gid: 0o7777777,
    mtime: 1_700_000_000,
  }),
  memberOf({ name: 'usr/share/', typeflag: '5', mtime: 0o77777777777 }),
  memberOf({ name: 'bin', typeflag: '2', linkname: 'usr/bin' }),
  memberOf({ name: 'usr/bin/vi', typeflag: '1', linkname: 'usr/bin/vim', size: 12 }),
  memberOf({ name: './usr/share/doc/', typeflag: '5' }),
  memberOf({ name: './', typeflag: '5' }),
  memberOf({ name: 'n'.repeat(100), size: 1 }),
  memberOf({ name: 'empty-target', typeflag: '2', linkname: '' }),
  memberOf({ name: 'long-target', typeflag: '2', linkname: 't'.repeat(100) }),
  memberOf({ name: 'several/slashes///', typeflag: '5' }),
  Buffer.concat([
    paxHeader([['path', `long/${'n'.repeat(120)}/file`]]),
    memberOf({ name: 'cut', size: 600 }),
  ]),
  Buffer.concat([
    paxHeader([['path', `${'long/'.repeat(180)}file`]]),
    memberOf({ name: 'cut', mode: 0o600 }),
  ]),
];

const UNUSUAL: readonly Buffer[] = [
  ...[
    '/usr/bin/',
    '../up',
    'a/../b',
    'a//b',
    'a/./b',
    '././a',
    './.',
    'a/.',
    'a/..',
    '..',
    './..',
    './/a',
  ].map((name) => memberOf({ name, size: 3 })),
  ...['.wh.gone', 'a/.wh.gone', 'a/.wh..wh..opq', '.wh.', '.wh..wh.aufs', 'a/.wh./b'].map((name) =>
    memberOf({ name }),
  ),
  memberOf({ name: 'prefixed', prefix: 'in/front' }),
  memberOf({ name: 'dev/null', typeflag: '3', devmajor: 1, devminor: 3 }),
  memberOf({ name: 'fifo', typeflag: '6' }),
  memberOf({ name: 'old', typeflag: '\0' }),
  memberOf({ name: 'large-id', uid: 2 ** 31, magic: 'gnu' }),
  memberOf({ name: 'before-1970', mtime: -1, magic: 'gnu' }),
  memberOf({ name: 'what', typeflag: 'Z' }),
  Buffer.concat([gnuLong('L', 'l'.repeat(200)), memberOf({ name: 'cut', magic: 'gnu', size: 1 })]),
  Buffer.concat([paxHeader([['mtime', '12.5']]), memberOf({ name: 'fraction' })]),
  Buffer.concat([
    paxHeader([
      ['path', 'first'],
      ['path', 'second'],
    ]),
    memberOf({ name: 'cut' }),
  ]),
  Buffer.concat([paxHeader([['path', 'nul\0inside']]), memberOf({ name: 'cut' })]),
  Buffer.concat([paxHeader([['path', '']]), memberOf({ name: 'header-s-own' })]),
  Buffer.concat([paxHeader([['path', 'l/'.repeat(700)]]), memberOf({ name: 'cut' })]),
  Buffer.concat([
    paxHeader([['path', 'of-a-link']]),
    paxHeader([['path', 'again']]),
    memberOf({ name: 'cut' }),
  ]),
  Buffer.concat([paxHeader([['path', 'of-a-device']]), memberOf({ name: 'cut', typeflag: '3' })]),
  Buffer.alloc(BLOCK, 'junk'),
];

const anyMember = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...USUAL) },
  fc.constantFrom(...UNUSUAL),
  fc
    .record({
      name: fc
        .array(fc.constantFrom('a', 'b', 'c', '.', '..', '', 'été', '.wh.a', 'x'.repeat(40)), {
          minLength: 1,
          maxLength: 4,
        })
        .map((steps) => steps.join('/') || 'a'),
      typeflag: fc.constantFrom('0', '5', '2', '1'),
      size: fc.nat(2000),
    })
    .map(memberOf),
);

describe('members with a header of the common form', () => {
  it.each(USUAL.map((bytes, i) => [i, bytes] as const))('takes header %i in the loop', async (_, bytes) => {
    await expectSame(Buffer.concat([bytes, bytes, END]));
    expect(leftOf(Buffer.concat([bytes, bytes, END]))).toBe(0);
  });

  it.each(UNUSUAL.map((bytes, i) => [i, bytes] as const))(
    'returns to the loop after header %i, which has another form',
    async (_, bytes) => {
      const tar = Buffer.concat([USUAL[0]!, bytes, USUAL[3]!, USUAL[10]!, END]);
      await expectSame(tar);
      expect(leftOf(tar)).toBeLessThanOrEqual(1);
    },
  );

  it('builds the same index with and without the loop, in any order and in several layers', async () => {
    const tar = fc.array(anyMember, { maxLength: 30 }).map((members) => Buffer.concat([...members, END]));
    await fc.assert(
      fc.asyncProperty(fc.array(tar, { minLength: 1, maxLength: 3 }), (tars) => expectSame(...tars)),
      cases(40),
    );
  });

  it('builds the same index when a window ends inside a member', async () => {
    const filled = USUAL.map((bytes) =>
      memberOf({ name: 'fill', size: 128 * 1024 - bytes.length - 3 * BLOCK }),
    );
    for (const pause of [0, 1, 2, 3, 4]) {
      const fill = Buffer.concat(Array.from({ length: pause }, () => memberOf({ name: 'pause' })));
      for (const [i, bytes] of USUAL.entries()) {
        await expectSame(Buffer.concat([filled[i]!, fill, bytes, USUAL[0]!, END]));
      }
    }
  });

  it('builds the same index of a tar that is truncated anywhere', async () => {
    const tar = Buffer.concat([...USUAL, END]);
    for (let length = 0; length < tar.length; length += 256) await expectSame(tar.subarray(0, length));
  });
});

describe.each([0, 1, 3, 10].map((i) => [i, USUAL[i]!] as const))('header %i', (_, bytes) => {
  it('gives the same index with and without the loop when any byte is changed', async () => {
    const tars: Buffer[] = [];
    const values = [0, 0x20, 0x2f, 0x38, 0xff];
    for (let i = 0; i < Math.min(bytes.length, 3 * BLOCK); i++) {
      // By default each byte gets one value, a different one than the byte before.
      for (let turn = 0; turn < Math.min(cases(1).numRuns, values.length); turn++) {
        const value = values[(i + turn) % values.length]!;
        const changed = Buffer.from(bytes);
        changed[i] = value;
        const wrong = Buffer.concat([changed, USUAL[1]!, END]);
        sum(changed, i - (i % BLOCK));
        tars.push(wrong, Buffer.concat([changed, USUAL[1]!, END]));
      }
    }
    for (let i = 0; i < tars.length; i += 500) await expectSame(...tars.slice(i, i + 500));
  });
});

/** Corrects the checksum of a header; leaves other blocks as they are. */
function sum(bytes: Buffer, at: number): void {
  const block = bytes.subarray(at, at + BLOCK);
  if (block.toString('latin1', 257, 262) !== 'ustar') return;
  block.fill(0x20, 148, 156);
  const total = block.reduce((all, byte) => all + byte, 0);
  block.write(`${total.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}

describe('a path table', () => {
  const names = (count: number, width: number): Buffer =>
    Buffer.concat([
      ...Array.from({ length: count }, (_, i) =>
        memberOf({ name: `${i % 50}/${String(i).padStart(width, 'n')}` }),
      ),
      END,
    ]);

  it('gives the same index when it grows within the memory of the loop', async () => {
    const tar = names(3000, 10);
    const roomy = UsualMembers.open(64 << 20)!;
    expect(await indexOf(roomy, [tar, tar])).toEqual(await indexOf(null, [tar, tar]));
  });

  it('gives the same index when it outgrows the memory of the loop', async () => {
    const tar = names(20_000, 90);
    const tight = UsualMembers.open(0)!;
    expect(await indexOf(tight, [tar])).toEqual(await indexOf(null, [tar]));
    const arrays = new PathTable(2_000_000, UsualMembers.open(0)!).arrays;
    expect(tight.holds(arrays.slots)).toBe(false);
  });
});

describe('members of a compressed layer', () => {
  const tar = fc.array(anyMember, { maxLength: 30 }).map((members) => Buffer.concat([...members, END]));

  /** Returns the layer's index and, if wanted, the hashes of the files that another layer has too. */
  async function inflated(
    usual: UsualMembers | null,
    other: Buffer | null,
    blob: Buffer,
  ): Promise<LayerScan> {
    const paths = new PathTable(16, usual ?? undefined);
    if (other !== null) await scanPlainLayer(extentOf(other), paths, other.length);
    const hashContents = other === null ? 'none' : { at: paths.columns() };
    return scanLayer(extentOf(blob), { hashContents, digests: true, own: { paths } });
  }

  it('gives the same index and hashes with and without the loop', async () => {
    await fc.assert(
      fc.asyncProperty(tar, fc.option(tar), async (bytes, other) => {
        const blob = gzipSync(bytes, { level: 1 });
        expect(await inflated(shared, other, blob)).toEqual(await inflated(null, other, blob));
      }),
      cases(40),
    );
  });

  it('gives the same index when the window is filled many times', async () => {
    const many = Buffer.concat([
      ...Array.from({ length: 3000 }, (_, i) => memberOf({ name: `${i % 40}/${i}`, size: (i * 37) % 3000 })),
      END,
    ]);
    for (const blob of [
      gzipSync(many, { level: 1 }),
      Buffer.concat([gzipSync(many.subarray(0, 99_999)), gzipSync(many.subarray(99_999))]),
    ]) {
      expect(await inflated(UsualMembers.open(many.length), null, blob)).toEqual(
        await inflated(null, null, blob),
      );
    }
  });
});

describe('real tars', () => {
  const top = path.resolve('../shared');
  const tars = existsSync(top)
    ? globSync(['tars/**/*.tar', 'images/**/*.tar'], { cwd: top })
        .map((name) => path.join(top, name))
        .filter((name) => statSync(name).isFile())
    : [];
  if (tars.length === 0) console.log('../shared does not exist: skipping its tars');

  it.skipIf(tars.length === 0)('gives the same index with and without the loop', async () => {
    for (const tar of tars) {
      const bytes = readFileSync(tar);
      expect({ tar, index: await indexOf(UsualMembers.open(bytes.length), [bytes]) }).toEqual({
        tar,
        index: await indexOf(null, [bytes]),
      });
    }
  });
});
