import { describe, expect, it } from 'vitest';
import { gnuLong, paxHeader, rawHeader } from '../../fixtures/raw-header.ts';
import { file, packTar, symlink } from '../../fixtures/tar.ts';
import { cases, fc } from '../property.ts';
import { parsePositioned, parseStream } from './parsing.ts';

/** Checks that parsing ends without an error, and that positioned and streamed reading agree. */
function expectSane(bytes: Uint8Array): void {
  const streamed = parseStream(bytes, [700, 1500], true);
  expect(parsePositioned(bytes, 1000, true)).toEqual(streamed);
  const skimmed = parsePositioned(bytes);
  expect(skimmed.members.map((each) => each.headerOffset)).toEqual(
    streamed.members.map((each) => each.headerOffset),
  );
  for (const { offset } of [...streamed.warnings, ...skimmed.warnings]) {
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset).toBeLessThanOrEqual(bytes.length);
  }
  for (const each of streamed.members) {
    expect(each.dataOffset).toBeLessThanOrEqual(Math.ceil(bytes.length / 512) * 512);
    expect(each.data === null || each.data.length <= each.storedSize).toBe(true);
  }
}

async function sample(): Promise<Buffer> {
  const sparse = Buffer.alloc(512 - 345);
  sparse.write('00000000000\x0000000000010\0', 386 - 345);
  sparse.write('00000001000', 483 - 345);
  return Buffer.concat([
    await packTar(
      [
        file('first', 'x'.repeat(600)),
        symlink('link', 'first'),
        file('caps', 'y', { xattrs: { 'security.capability': Uint8Array.of(1, 2, 3) } }),
      ],
      { endBlocks: false },
    ),
    gnuLong('L', `${'n'.repeat(150)}`),
    rawHeader({ name: 'n', typeflag: '0', magic: 'gnu' }),
    rawHeader({ name: 'sparse', typeflag: 'S', magic: 'gnu', size: 8, tail: sparse }),
    Buffer.alloc(512, 0x61),
    paxHeader([
      ['GNU.sparse.major', '1'],
      ['GNU.sparse.minor', '0'],
      ['GNU.sparse.realsize', '9000'],
    ]),
    rawHeader({ name: 'sparse-1.0', typeflag: '0', size: 512 }),
    Buffer.from('1\n0\n0\n'.padEnd(512, '\0')),
    await packTar([file('last', 'z')]),
  ]);
}

describe('the parser', () => {
  it('accepts random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 5000 }), expectSane), cases(25));
  });

  it('accepts random headers with valid checksums', () => {
    const header = fc
      .record({
        name: fc.string({ maxLength: 20 }),
        typeflag: fc.constantFrom(...'\x000123456789xgXLKSDVMNA'),
        size: fc.oneof(fc.integer({ min: -5, max: 3000 }), fc.constantFrom(2 ** 40, 2 ** 53, -(2 ** 40))),
        mtime: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
        uid: fc.integer(),
        magic: fc.constantFrom('ustar' as const, 'gnu' as const, 'v7' as const),
        tail: fc.uint8Array({ maxLength: 167 }),
      })
      .map((fields) => rawHeader(fields));
    const block = fc.uint8Array({ minLength: 512, maxLength: 512 });
    const zeros = fc.constant(new Uint8Array(512));
    const archive = fc
      .array(fc.oneof({ weight: 6, arbitrary: header }, block, zeros), { maxLength: 20 })
      .map((blocks) => Buffer.concat(blocks));
    fc.assert(fc.property(archive, expectSane), cases(40));
  });

  it('accepts changes to a valid archive, and keeps the members before them', async () => {
    const tar = await sample();
    const { members } = parseStream(tar);
    expect(members).toHaveLength(7);
    fc.assert(
      fc.property(fc.nat(tar.length - 1), fc.uint8Array({ minLength: 1, maxLength: 40 }), (at, change) => {
        const changed = Buffer.from(tar);
        changed.set(change.subarray(0, tar.length - at), at);
        expectSane(changed);
        const before = members.filter((each) => each.dataOffset <= at);
        expect(parseStream(changed).members.slice(0, before.length)).toEqual(before);
      }),
      cases(40),
    );
  });

  it('accepts removed, duplicated and swapped blocks', async () => {
    const tar = await sample();
    const blocks = Array.from({ length: tar.length / 512 }, (_, i) => tar.subarray(i * 512, i * 512 + 512));
    fc.assert(
      fc.property(fc.array(fc.nat(blocks.length - 1), { maxLength: 40 }), (order) => {
        expectSane(Buffer.concat(order.map((i) => blocks[i]!)));
      }),
      cases(40),
    );
  });

  it('accepts archives truncated at and near every block', async () => {
    const tar = await sample();
    for (let block = 0; block < tar.length; block += 512) {
      for (const size of [block, block + 1, block + 511]) {
        expectSane(tar.subarray(0, size));
      }
    }
    expect(parseStream(tar.subarray(0, 512)).members).toHaveLength(1);
  });

  it('reads a chain of a million sparse blocks in bounded memory and time', () => {
    const tail = Buffer.alloc(512 - 345);
    tail[482 - 345] = 1;
    const block = Buffer.alloc(512);
    for (let i = 0; i < 21; i++) block.write('00000000001\x0000000000000\0', i * 24);
    block[504] = 1;
    const chain = Buffer.concat([
      rawHeader({ name: 's', typeflag: 'S', magic: 'gnu', tail }),
      ...Array.from({ length: 60_000 }, () => block),
    ]);
    const { members, warnings } = parseStream(chain);
    expect(members).toEqual([]);
    expect(warnings.map((each) => each.code)).toEqual(['truncated']);
  });
});
