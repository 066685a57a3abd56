import { describe, expect, it } from 'vitest';
import { rawHeader, type RawHeader } from '../../fixtures/raw-header.ts';
import { checksumHolds, formatOf, isZeroBlock, parseNumber, prefixLength } from '../../src/tar/header.ts';

function number(text: string, length = text.length): number | null {
  const field = Buffer.alloc(length);
  field.write(text, 'latin1');
  return parseNumber(field, 0, length);
}

describe('numeric fields', () => {
  it.each([
    ['0000644\0', 0o644],
    ['   644 \0', 0o644],
    ['\0\x00644\0', 0o644],
    ['77777777', 0o77777777],
    ['777777777777', 0o777777777777],
    ['', 0],
    ['        ', 0],
    ['644 rest', 0o644],
  ])('parse octal %j', (text, value) => {
    expect(number(text, Math.max(8, text.length))).toBe(value);
  });

  it.each(['0000800\0', '12x4567\0', '-0000001', '+0000001', '0x1f\0\0\0\0'])('reject %j', (text) => {
    expect(number(text)).toBeNull();
  });

  it.each([
    ['\x80\0\0\0\0\0\0\0\0\0\0\x01', 1],
    ['\x80\0\0\0\0\x1f\xff\xff\xff\xff\xff\xff', Number.MAX_SAFE_INTEGER],
    ['\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff', -1],
    ['\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00', -256],
    ['\x80\0\0\0\0\0\x01\0', 256],
  ])('parse base-256 %j', (text, value) => {
    expect(number(text)).toBe(value);
  });

  it('reject base-256 numbers that are too large', () => {
    expect(number('\x80\0\0\0\0\x20\0\0\0\0\0\0')).toBeNull();
    expect(number('\xbf\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff')).toBeNull();
    expect(number('\xc0\0\0\0\0\0\0\0')).toBeNull();
  });
});

describe('checksums', () => {
  const header: RawHeader = { name: 'näme\xff', typeflag: '0', size: 12 };

  it('are valid at any alignment in memory', () => {
    const block = rawHeader(header);
    for (let shift = 0; shift < 9; shift++) {
      const bytes = new Uint8Array(shift + 512 + 8).fill(0xff);
      bytes.set(block, shift);
      const words = new Int32Array(bytes.buffer, 0, bytes.length >> 2);
      expect(checksumHolds(bytes, shift)).toBe(true);
      expect(checksumHolds(bytes, shift, words)).toBe(true);
      const inner = bytes.subarray(3);
      if (shift < 3) continue;
      expect(checksumHolds(inner, shift - 3, words)).toBe(true);
    }
  });

  it('may be sums of signed bytes, as in some old writers', () => {
    const block = rawHeader(header);
    let sum = 256;
    for (let i = 0; i < 512; i++) if (i < 148 || i >= 156) sum += (block[i]! << 24) >> 24;
    expect(checksumHolds(rawHeader({ ...header, checksum: sum }), 0)).toBe(true);
  });

  it('are invalid after any single change', () => {
    const words = new Int32Array(128);
    const bytes = new Uint8Array(words.buffer);
    const block = rawHeader(header);
    for (let i = 0; i < 512; i++) {
      bytes.set(block);
      bytes[i] = bytes[i]! ^ 1;
      // The last bytes of the checksum field have no meaning.
      const holds = i === 154 || i === 155 ? checksumHolds(bytes, 0) : false;
      expect([i, checksumHolds(bytes, 0), checksumHolds(bytes, 0, words)]).toEqual([i, holds, holds]);
    }
  });

  it('do not overflow for a block of 0xff bytes', () => {
    const bytes = new Uint8Array(512).fill(0xff);
    bytes.set(Buffer.from(`${(504 * 255 + 256).toString(8).padStart(6, '0')}\0 `), 148);
    expect(checksumHolds(bytes, 0, new Int32Array(bytes.buffer))).toBe(true);
  });
});

describe('header formats', () => {
  it.each([
    ['ustar\x0000', '', 'ustar'],
    ['ustar\0  ', '', 'ustar'],
    ['ustar  \0', '', 'gnu'],
    ['ustar 00', '', 'v7'],
    ['ustar000', '', 'v7'],
    ['\0\0\0\0\0\0\0\0', '', 'v7'],
    ['ustar\x0000', 'tar\0', 'star'],
  ])('are determined by the magic: %j with %j at the end is %s', (magic, tail, expected) => {
    const block = Buffer.alloc(512);
    block.write(magic, 257, 'latin1');
    block.write(tail, 508, 'latin1');
    expect(formatOf(block, 0)).toBe(expected);
  });

  it('have a prefix if the format supports it', () => {
    const block = Buffer.alloc(512);
    block.write('p'.repeat(155), 345);
    expect(prefixLength(block, 0, 'ustar')).toBe(155);
    expect(prefixLength(block, 0, 'star')).toBe(131);
    expect(prefixLength(block, 0, 'v7')).toBe(0);
    // Text in place of the times of a GNU header can only be the prefix from an old Go writer.
    expect(prefixLength(block, 0, 'gnu')).toBe(155);
    block.write('12345670123\0', 345);
    block.write('12345670123\0', 357);
    expect(prefixLength(block, 0, 'gnu')).toBe(0);
    block.fill(0, 345, 500);
    expect(prefixLength(block, 0, 'ustar')).toBe(0);
  });

  it('are zero blocks only if every byte is zero', () => {
    const bytes = new Uint8Array(1536);
    expect(isZeroBlock(bytes, 512)).toBe(true);
    bytes[1023] = 1;
    expect(isZeroBlock(bytes, 512)).toBe(false);
    expect(isZeroBlock(bytes, 0)).toBe(true);
    expect(isZeroBlock(bytes, 1024)).toBe(true);
  });
});
