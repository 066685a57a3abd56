import { constants, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../fixtures/canary.ts';
import { type Inflated, inflatedByNode, WholeInflater } from '../../../src/secrets/unpack/whole-inflater.ts';

const LIMIT = 1_000_000;
const words = Buffer.from('one word and another. '.repeat(20_000));
const chance = Buffer.from(seededRandom('inflater').bytes(200_000));

function hostile(packed: Buffer): Buffer[] {
  return [
    packed.subarray(0, packed.length - 9),
    packed.subarray(0, 5),
    Buffer.alloc(0),
    Buffer.alloc(20, 0x07),
    Buffer.concat([packed, Buffer.alloc(700)]),
    Buffer.concat([packed, Buffer.from('trailing bytes')]),
    Buffer.concat([packed, packed]),
  ];
}

/** A copy for the comparison: the inflater reuses its output. */
function copyOf(made: Inflated | null): unknown {
  return made && { ...made, bytes: Buffer.from(made.bytes) };
}

describe('WholeInflater', () => {
  const streams = [Buffer.alloc(0), Buffer.from('x'), words, chance]
    .map((plain) => deflateRawSync(plain))
    .flatMap((packed) => [packed, ...hostile(packed), packed]);

  it("returns the same as Node's functions, regardless of earlier streams and the expected size", () => {
    const inflater = new WholeInflater();
    for (const [index, stream] of streams.entries()) {
      for (const expected of [0, words.length, 2 ** 32 - 1]) {
        const node = inflatedByNode(stream, LIMIT);
        expect([index, copyOf(inflater.inflate(stream, LIMIT, expected))]).toEqual([index, copyOf(node)]);
      }
    }
  });

  it('returns null if the output exceeds the limit', () => {
    const inflater = new WholeInflater();
    const packed = deflateRawSync(words);
    for (const short of [1, 100, words.length - 70_000]) {
      expect(inflater.inflate(packed, words.length - short, words.length)).toBeNull();
      expect(inflater.inflate(packed, words.length, 0)?.bytes).toHaveLength(words.length);
    }
  });

  it('returns all the output before damage', () => {
    const inflater = new WholeInflater();
    // Separate blocks: the damage is in the header of the second.
    const first = deflateRawSync(chance, { finishFlush: constants.Z_SYNC_FLUSH });
    const damaged = Buffer.concat([first, Buffer.alloc(9000, 0x07)]);
    const made = inflater.inflate(damaged, LIMIT, 0);
    expect(made).toMatchObject({ ended: false, stored: first.length });
    expect(Buffer.from(made!.bytes).equals(chance)).toBe(true);
  });
});
