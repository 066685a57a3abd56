import { constants, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { npmToken, seededRandom } from '../../../fixtures/canary.ts';
import { compress, skippableFrame } from '../../../fixtures/compress.ts';
import { file, packTar } from '../../../fixtures/tar.ts';
import { zip } from '../../../fixtures/zip.ts';
import { ZstdFrames } from '../../../src/bytes/zstd-frames.ts';
import { Budget, MAX_UNPACKED } from '../../../src/secrets/unpack/budget.ts';
import { Coverage } from '../../../src/secrets/unpack/coverage.ts';
import { unzstd } from '../../../src/secrets/unpack/zstd.ts';
import { expectFound, HERE, look, token } from '../look-around.ts';

const whole = compress(Buffer.from(`a\n${token}\n`), 'zstd');
const tarred = await packTar([file('in/it', token)]);

/** A text of three blocks with the token in the first. */
const text = `${token}\n${Buffer.from(seededRandom('zstd').bytes(150_000)).toString('hex')}`;
const inBlocks = zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });

describe('a zstd file', () => {
  it.each([
    ['content', whole, 'zstd, line 2'],
    [
      'several frames as one content',
      compress(Buffer.from(`a\nb\n${token}\n\n\n\n\n`), 'zstd-frames'),
      'zstd, line 3',
    ],
    ['a tar inside', compress(tarred, 'zstd'), 'zstd, tar:in/it, line 1'],
    ['a zstd file in a zip', zip([{ name: 'z', content: whole }]), 'zip:z, zstd, line 2'],
  ])('is unpacked: %s', (_what, content, found) => expectFound(content, [found]));

  it.each([
    [
      'a skippable frame before the first',
      Buffer.concat([skippableFrame(token), compress(Buffer.from('x'), 'zstd')]),
    ],
    [
      'a skippable frame after it',
      Buffer.concat([compress(Buffer.from('x'), 'zstd'), skippableFrame(token)]),
    ],
    ['trailing bytes', Buffer.concat([compress(Buffer.from('x'), 'zstd'), Buffer.from(` ${token}`)])],
  ])('is scanned around its frames: %s', (_what, content) => expectFound(content, [HERE]));

  it('is unpacked up to the point where it is truncated', () => {
    expectFound(inBlocks.subarray(0, -1000), ['zstd, line 1']);
  });

  it('is unpacked up to damage, and scanned raw after it', () => {
    const damaged = Buffer.from(inBlocks);
    const second = new ZstdFrames(true).split(inBlocks).pieces[1]!;
    // A block header with an invalid type (RFC 8878 §3.1.1.2.2).
    damaged.fill(0xff, second.offset, second.offset + 3);
    expectFound(Buffer.concat([damaged, Buffer.from(`\0${token}\0`)]), ['zstd, line 1', HERE]);
  });

  it('is read by the reader for its name without the extension', () => {
    const npmrc = compress(Buffer.from(`//npm.example.org/:_authToken=${npmToken('zstd')}\n`), 'zstd');
    expect(look(npmrc, 1000, '/root/.npmrc.zst')).toEqual(['zstd, line 1']);
  });

  it('is not unpacked beyond the limit', () => {
    const bomb = compress(Buffer.alloc(MAX_UNPACKED + 1), 'zstd');
    const coverage = new Coverage(bomb.length);
    expect(unzstd(bomb, new Budget(), coverage)).toBeNull();
    expect(coverage.isEmpty).toBe(true);
  });
});
