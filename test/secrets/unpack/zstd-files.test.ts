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

/** A text of three blocks, the token in the first of them. */
const text = `${token}\n${Buffer.from(seededRandom('zstd').bytes(150_000)).toString('hex')}`;
const inBlocks = zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });

describe('of a file that zstd wrote', () => {
  it.each([
    ['the content', whole, 'zstd, line 2'],
    [
      'frames are one content',
      compress(Buffer.from(`a\nb\n${token}\n\n\n\n\n`), 'zstd-frames'),
      'zstd, line 3',
    ],
    ['a tar in it', compress(tarred, 'zstd'), 'zstd, tar:in/it, line 1'],
    ['one in a zip', zip([{ name: 'z', content: whole }]), 'zip:z, zstd, line 2'],
  ])('%s', (_what, content, found) => expectFound(content, [found]));

  it.each([
    [
      'a skippable frame before the first',
      Buffer.concat([skippableFrame(token), compress(Buffer.from('x'), 'zstd')]),
    ],
    ['one behind it', Buffer.concat([compress(Buffer.from('x'), 'zstd'), skippableFrame(token)])],
    ['bytes behind the end', Buffer.concat([compress(Buffer.from('x'), 'zstd'), Buffer.from(` ${token}`)])],
  ])('%s, as it stands', (_what, content) => expectFound(content, [HERE]));

  it('what comes before it is cut short', () => {
    expectFound(inBlocks.subarray(0, -1000), ['zstd, line 1']);
  });

  it('what comes before damage, and the rest as it is', () => {
    const damaged = Buffer.from(inBlocks);
    const second = new ZstdFrames(true).split(inBlocks).pieces[1]!;
    // The header of a block that has no known type (RFC 8878 §3.1.1.2.2).
    damaged.fill(0xff, second.offset, second.offset + 3);
    expectFound(Buffer.concat([damaged, Buffer.from(`\0${token}\0`)]), ['zstd, line 1', HERE]);
  });

  it('its name says what is in it, without the ending', () => {
    const npmrc = compress(Buffer.from(`//npm.example.org/:_authToken=${npmToken('zstd')}\n`), 'zstd');
    expect(look(npmrc, 1000, '/root/.npmrc.zst')).toEqual(['zstd, line 1']);
  });

  it('more than is allowed is not unpacked', () => {
    const bomb = compress(Buffer.alloc(MAX_UNPACKED + 1), 'zstd');
    const coverage = new Coverage(bomb.length);
    expect(unzstd(bomb, new Budget(), coverage)).toBeNull();
    expect(coverage.isEmpty).toBe(true);
  });
});
