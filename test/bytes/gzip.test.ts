import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cases, fc } from '../property.ts';
import { fingerprint, outline, whole, hasTool, readAll, sampleBytes, throughTool } from './reading.ts';

const CHUNK = 256 * 1024;
const withGzip = hasTool('gzip');

describe('valid gzip', () => {
  it('reads one member', async () => {
    const content = sampleBytes(1_000_000);
    expect(outline(await readAll(gzipSync(content)))).toEqual(whole(content));
  });

  it('reads an empty member alone and between others', async () => {
    const [a, empty, b] = [gzipSync('a'), gzipSync(''), gzipSync('b')];
    expect(outline(await readAll(empty))).toEqual(whole(Buffer.alloc(0)));
    expect(outline(await readAll(Buffer.concat([a, empty, empty, b])))).toEqual(whole(Buffer.from('ab')));
  });

  it('reads many members, as pigz and eStargz write them', async () => {
    const parts = Array.from({ length: 500 }, (_, i) => sampleBytes(1 + ((i * 611) % 3000), i));
    const blob = Buffer.concat(parts.map((part) => gzipSync(part)));
    expect(outline(await readAll(blob))).toEqual(whole(Buffer.concat(parts)));
  });

  it.each([-2, -1, 0, 1, 2])('reads a member that begins %i bytes from the end of a chunk', async (shift) => {
    const first = storedMember(CHUNK + shift);
    const blob = Buffer.concat([first.blob, gzipSync('second')]);
    expect(first.blob.length).toBe(CHUNK + shift);
    expect(outline(await readAll(blob))).toEqual(
      whole(Buffer.concat([first.content, Buffer.from('second')])),
    );
  });

  it.each([1, 511, CHUNK, 3 * CHUNK])('skips %i zeros of padding', async (length) => {
    const blob = Buffer.concat([gzipSync('a'), gzipSync('b'), Buffer.alloc(length)]);
    expect(outline(await readAll(blob))).toEqual(whole(Buffer.from('ab')));
  });

  it('reads headers with a name, a comment, an extra field and a header checksum', async () => {
    const content = sampleBytes(5000);
    const header = Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 255]);
    const fields = Buffer.from('\x03\x00abcname\0comment\0', 'latin1');
    const sum = crc16(Buffer.concat([header, fields]));
    const plain = gzipSync(content);
    const blob = Buffer.concat([header, fields, sum, plain.subarray(10)]);
    expect(outline(await readAll(blob))).toEqual(whole(content));
    // The careful reader accepts them too.
    const followed = await readAll(Buffer.concat([blob, Buffer.from('no gzip')]));
    expect(fingerprint(followed.plain)).toBe(fingerprint(content));
    expect(followed.damage).toMatchObject({ code: 'trailing-data', offset: blob.length });
  });
});

describe('gzip with trailing data', () => {
  it('returns all content and the offset at which the gzip data ends', async () => {
    const content = sampleBytes(700_000);
    const blob = gzipSync(content);
    const { plain, damage } = await readAll(Buffer.concat([blob, Buffer.from('garbage')]));
    expect(fingerprint(plain)).toBe(fingerprint(content));
    expect(damage).toEqual({
      code: 'trailing-data',
      offset: blob.length,
      message: '7 bytes after the end of the gzip stream',
    });
  });

  it.each([10, CHUNK, CHUNK + 5])('reports a member after %i zeros, which no tool unpacks', async (zeros) => {
    const blob = gzipSync('a');
    const hidden = Buffer.concat([blob, Buffer.alloc(zeros), gzipSync('hidden')]);
    const { plain, damage } = await readAll(hidden);
    expect(plain.toString()).toBe('a');
    expect(damage).toMatchObject({ code: 'trailing-data', offset: blob.length });
  });

  it.each([-3, -1, 0, 1, 3])('reports trailing data %i bytes from the end of a chunk', async (shift) => {
    const member = storedMember(CHUNK + shift);
    const { plain, damage } = await readAll(Buffer.concat([member.blob, Buffer.from('xyz')]));
    expect(fingerprint(plain)).toBe(fingerprint(member.content));
    expect(damage).toMatchObject({ code: 'trailing-data', offset: member.blob.length });
  });
});

describe('damaged gzip', () => {
  it('returns the readable part of a stream truncated at any offset', async () => {
    const content = sampleBytes(20_000);
    const blob = Buffer.concat([gzipSync(content.subarray(0, 9000)), gzipSync(content.subarray(9000))]);
    for (let cut = 2; cut < blob.length; cut += 97) {
      const { plain, damage } = await readAll(blob.subarray(0, cut));
      expect(fingerprint(plain)).toBe(fingerprint(content.subarray(0, plain.length)));
      // A stream that ends at the end of a member is complete.
      const wholeMember = damage === null && plain.length === 9000;
      expect(wholeMember || (damage?.code === 'truncated' && damage.offset === cut)).toBe(true);
    }
  });

  it.runIf(withGzip)('returns at least as much of a truncated stream as gzip -dc', async () => {
    const blob = gzipSync(sampleBytes(1_500_000));
    for (const cut of [30, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 500_000, blob.length - 9, blob.length - 1]) {
      const { plain } = await readAll(blob.subarray(0, cut));
      const theirs = throughTool('gzip', ['-dc'], blob.subarray(0, cut));
      expect(plain.length).toBeGreaterThanOrEqual(theirs.length);
      expect(fingerprint(plain.subarray(0, theirs.length))).toBe(fingerprint(theirs));
    }
  });

  it('returns the content before the damage, except for the last few bytes', async () => {
    // Stored blocks contain the content unchanged, so the offset in the content is known.
    const { blob, content } = storedMember(600_000);
    const secondBlock = 10 + 5 + 65_535;
    for (const block of [secondBlock, secondBlock + 4 * (5 + 65_535)]) {
      const broken = Buffer.from(blob);
      // Now the length of a stored block does not match its complement.
      broken[block + 1] = broken[block + 1]! ^ 0xff;
      const { plain, damage } = await readAll(broken);
      const before = Math.floor((block - 10) / (5 + 65_535)) * 65_535;
      expect(plain.length).toBe(before);
      expect(fingerprint(plain)).toBe(fingerprint(content.subarray(0, before)));
      expect(damage?.code).toBe('corrupt');
      expect(Math.abs(damage!.offset - block)).toBeLessThan(8);
    }
  });

  it.runIf(withGzip)('returns at least as much of a damaged stream as gzip -dc', async () => {
    const content = sampleBytes(1_500_000);
    const blob = gzipSync(content);
    for (const at of [5000, CHUNK - 10, CHUNK + 10, 600_000]) {
      const broken = Buffer.from(blob);
      broken.fill(0xff, at, at + 40);
      const { plain, damage } = await readAll(broken);
      const theirs = throughTool('gzip', ['-dc'], broken);
      expect(damage?.code).toBe('corrupt');
      expect(plain.length).toBeGreaterThanOrEqual(theirs.length);
      expect(fingerprint(plain.subarray(0, theirs.length))).toBe(fingerprint(theirs));
    }
  });

  it('returns a member with a wrong checksum and the members after it', async () => {
    const content = sampleBytes(300_000);
    const first = gzipSync(content);
    const end = first.length - 8;
    first[end] = first[end]! ^ 1;
    const { plain, damage } = await readAll(Buffer.concat([first, gzipSync('after')]));
    expect(fingerprint(plain)).toBe(fingerprint(Buffer.concat([content, Buffer.from('after')])));
    expect(damage).toEqual({ code: 'corrupt', offset: end, message: 'the gzip checksum does not match' });
  });

  it('reports a wrong length like a wrong checksum', async () => {
    const blob = gzipSync('content');
    blob[blob.length - 1] = 9;
    const { plain, damage } = await readAll(blob);
    expect(plain.toString()).toBe('content');
    expect(damage).toMatchObject({ code: 'corrupt', offset: blob.length - 8 });
  });

  it('never throws and never returns wrong bytes for any change', async () => {
    const content = sampleBytes(6000);
    const members = [content.subarray(0, 2500), content.subarray(2500)].map((part) => gzipSync(part));
    const blob = Buffer.concat(members);
    await fc.assert(
      fc.asyncProperty(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const broken = Buffer.from(blob);
        broken[at] = broken[at]! ^ flip;
        if (broken[0] !== 0x1f || broken[1] !== 0x8b) return;
        const { plain, damage } = await readAll(broken);
        // Changes to header fields such as the time and the name have no effect.
        if (damage === null) expect(fingerprint(plain)).toBe(fingerprint(content));
        if (at > members[0]!.length + 10) {
          expect(fingerprint(plain.subarray(0, 2500))).toBe(fingerprint(content.subarray(0, 2500)));
        }
      }),
      cases(40),
    );
  });
});

/** Returns a member of exactly `length` bytes, with its content in stored blocks. */
function storedMember(length: number): { blob: Buffer; content: Buffer } {
  const blocks = Math.ceil((length - 18) / (65_535 + 5));
  const content = sampleBytes(length - 18 - 5 * blocks);
  const blob = gzipSync(content, { level: 1 });
  const member = Buffer.concat([blob.subarray(0, 10), restored(content), blob.subarray(-8)]);
  return { blob: member, content };
}

/** Returns stored deflate blocks (RFC 1951 §3.2.4) of the maximum length. */
function restored(content: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < content.length; at += 65_535) {
    const part = content.subarray(at, at + 65_535);
    const head = Buffer.alloc(5);
    head[0] = at + 65_535 >= content.length ? 1 : 0;
    head.writeUInt16LE(part.length, 1);
    head.writeUInt16LE(part.length ^ 0xffff, 3);
    parts.push(head, part);
  }
  return Buffer.concat(parts);
}

/** Returns the low half of a CRC-32: the checksum of a header (RFC 1952 §2.3.1). */
function crc16(bytes: Buffer): Buffer {
  const trailer = gzipSync(bytes).subarray(-8);
  return trailer.subarray(0, 2);
}
