import { describe, expect, it } from 'vitest';
import { rawHeader, type RawHeader } from '../../fixtures/raw-header.ts';
import { checksumHolds, parseNumber } from '../../src/tar/header.ts';
import { emptyMember, ExtendedHeaders, fillMember } from '../../src/tar/member-header.ts';
import type { TarMember } from '../../src/tar/member.ts';
import { readPlainHeader } from '../../src/tar/plain-header.ts';

const words = new Int32Array(256);
const bytes = new Uint8Array(words.buffer);
const AT = 256;
const OFFSET = 4096;

/** Returns the result of the general reader; null if this is not a header. */
function general(): TarMember | null {
  const size = checksumHolds(bytes, AT) ? parseNumber(bytes, AT + 124, 12) : null;
  if (size === null || size < 0) return null;
  const member = emptyMember();
  const extended = new ExtendedHeaders();
  extended.start = OFFSET;
  fillMember(member, bytes, AT, OFFSET, size, extended, () => {});
  return member;
}

function plain(): TarMember | null {
  const member = emptyMember();
  return readPlainHeader(member, bytes, words, AT, OFFSET) ? member : null;
}

function facts(member: TarMember | null): object | null {
  if (member === null) return null;
  return { ...member, name: Buffer.from(member.name), linkname: Buffer.from(member.linkname), nameIn: null };
}

function sum(block: Uint8Array): void {
  block.fill(0x20, 148, 156);
  const total = block.reduce((all, byte) => all + byte, 0);
  block.set(Buffer.from(`${total.toString(8).padStart(6, '0')}\0 `, 'latin1'), 148);
}

const KINDS: readonly RawHeader[] = [
  {
    name: 'usr/share/doc/some/file',
    typeflag: '0',
    size: 4711,
    mode: 0o4755,
    uid: 1000,
    mtime: 1_700_000_000,
  },
  { name: 'usr/share/', typeflag: '5', size: 0 },
  { name: 'bin', typeflag: '2', size: 0, linkname: 'usr/bin' },
  { name: 'usr/bin/vi', typeflag: '1', size: 12, linkname: 'usr/bin/vim' },
  { name: 'n'.repeat(100), typeflag: '0', size: 1 },
];

describe.each(KINDS)('a plain header of type $typeflag', (kind) => {
  const header = rawHeader(kind);

  it('has the same result as in the general reader', () => {
    bytes.fill(0xff);
    bytes.set(header, AT);
    expect(facts(plain())).toEqual(facts(general()));
    expect(plain()).not.toBeNull();
  });

  it.each([[true], [false]])(
    'has the same result after a change to any byte (valid checksum: %s)',
    (right) => {
      let compared = 0;
      for (let i = 0; i < 512; i++) {
        for (const value of [0, 0x20, 0x2f, 0x30, 0x37, 0x38, 0x80, 0xff]) {
          const block = Uint8Array.from(header);
          block[i] = value;
          if (right && (i < 148 || i >= 156)) sum(block);
          bytes.set(block, AT);
          const read = plain();
          if (read === null) continue;
          expect([i, value, facts(read)]).toEqual([i, value, facts(general())]);
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(0);
    },
  );
});

it('leaves an unaligned header to the general reader', () => {
  bytes.set(rawHeader(KINDS[0]!), AT + 2);
  expect(readPlainHeader(emptyMember(), bytes, words, AT + 2, OFFSET)).toBe(false);
});
