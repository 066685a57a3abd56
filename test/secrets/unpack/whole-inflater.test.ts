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
    Buffer.concat([packed, Buffer.from('behind the end')]),
    Buffer.concat([packed, packed]),
  ];
}

/** A copy, to be held against another. */
function told(made: Inflated | null): unknown {
  return made && { ...made, bytes: Buffer.from(made.bytes) };
}

describe('a bare stream that is there as a whole', () => {
  const streams = [Buffer.alloc(0), Buffer.from('x'), words, chance]
    .map((plain) => deflateRawSync(plain))
    .flatMap((packed) => [packed, ...hostile(packed), packed]);

  it("gives what Node's own functions give, whatever came before it and whatever is expected", () => {
    const inflater = new WholeInflater();
    for (const [index, stream] of streams.entries()) {
      for (const expected of [0, words.length, 2 ** 32 - 1]) {
        const node = inflatedByNode(stream, LIMIT);
        expect([index, told(inflater.inflate(stream, LIMIT, expected))]).toEqual([index, told(node)]);
      }
    }
  });

  it('gives nothing where it would be more than is allowed', () => {
    const inflater = new WholeInflater();
    const packed = deflateRawSync(words);
    for (const short of [1, 100, words.length - 70_000]) {
      expect(inflater.inflate(packed, words.length - short, words.length)).toBeNull();
      expect(inflater.inflate(packed, words.length, 0)?.bytes).toHaveLength(words.length);
    }
  });

  it('gives all that comes before damage', () => {
    const inflater = new WholeInflater();
    // Blocks of their own: the damage is in the header of the second one.
    const first = deflateRawSync(chance, { finishFlush: constants.Z_SYNC_FLUSH });
    const damaged = Buffer.concat([first, Buffer.alloc(9000, 0x07)]);
    const made = inflater.inflate(damaged, LIMIT, 0);
    expect(made).toMatchObject({ ended: false, stored: first.length });
    expect(Buffer.from(made!.bytes).equals(chance)).toBe(true);
  });
});
