import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../fixtures/canary.ts';
import { inflatedByNode, WholeInflater } from '../../src/secrets/unpack/whole-inflater.ts';

const LIMIT = 1_000_000;
const words = Buffer.from('one word and another. '.repeat(20_000));
const chance = Buffer.from(seededRandom('inflater').bytes(200_000));

function hostile(packed: Buffer): Buffer[] {
  const changed = Buffer.from(packed);
  changed[packed.length >> 1]! ^= 0x55;
  return [
    packed.subarray(0, packed.length - 9),
    packed.subarray(0, 5),
    Buffer.alloc(0),
    changed,
    Buffer.concat([packed, Buffer.alloc(700)]),
    Buffer.concat([packed, Buffer.from('behind the end')]),
    Buffer.concat([packed, packed]),
  ];
}

describe.each([
  ['gzip', (bytes: Buffer) => gzipSync(bytes)],
  ['raw', (bytes: Buffer) => deflateRawSync(bytes)],
] as const)('a %s stream that is there as a whole', (format, pack) => {
  const streams = [Buffer.alloc(0), Buffer.from('x'), words, chance]
    .map(pack)
    .flatMap((packed) => [packed, ...hostile(packed), packed]);

  it("gives what Node's own functions give, whatever came before it and whatever is expected", () => {
    const inflater = new WholeInflater(format);
    for (const [index, stream] of streams.entries()) {
      for (const expected of [0, words.length, 2 ** 32 - 1]) {
        const node = inflatedByNode(format, stream, LIMIT);
        const own = inflater.inflate(stream, LIMIT, expected);
        expect([index, own && Buffer.from(own)]).toEqual([index, node && Buffer.from(node)]);
      }
    }
  });

  it('gives nothing where it would be more than is allowed', () => {
    const inflater = new WholeInflater(format);
    const packed = pack(words);
    for (const short of [1, 100, words.length - 70_000]) {
      expect(inflater.inflate(packed, words.length - short, words.length)).toBeNull();
      expect(inflater.inflate(packed, words.length, 0)).toHaveLength(words.length);
    }
  });
});
