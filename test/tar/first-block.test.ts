import { expect, it } from 'vitest';
import { file, packTar } from '../../fixtures/tar.ts';
import type { FirstBlock } from '../../src/tar/first-block.ts';
import { TarParser } from '../../src/tar/parser.ts';

/** Returns the kind of the first block, and checks that it is the same for pieces of any size. */
function firstBlockOf(tar: Uint8Array): FirstBlock {
  const results = [tar.length, 512, 700, 100].map((piece) => {
    const parser = new TarParser({ member: () => false, warning: () => {} });
    for (let at = 0; at < tar.length; at += piece) parser.feed(tar.slice(at, at + piece), at);
    parser.end(tar.length);
    return parser.firstBlock;
  });
  expect(new Set(results).size).toBe(1);
  return results[0]!;
}

const text = Buffer.from('not a tar, but text that is longer than a block. '.repeat(40));

it.each([
  ['a tar', () => packTar([file('a', 'a')]), 'header'],
  ['a tar that holds only an unknown member', async () => unknownMember(), 'header'],
  ['no bytes', async () => Buffer.alloc(0), 'none'],
  ['blocks of zeros', async () => Buffer.alloc(4096), 'none'],
  ['text', async () => text, 'other'],
  [
    'text before a tar',
    async () => Buffer.concat([text.subarray(0, 512), await packTar([file('a', 'a')])]),
    'other',
  ],
  ['text shorter than a block', async () => text.subarray(0, 40), 'other'],
  ['text after zero blocks', async () => Buffer.concat([Buffer.alloc(2048), text]), 'other'],
  ['a few bytes after zeros', async () => Buffer.concat([Buffer.alloc(1080), text.subarray(0, 9)]), 'other'],
  [
    'a tar after zeros',
    async () => Buffer.concat([Buffer.alloc(2048), await packTar([file('a', 'a')])]),
    'header',
  ],
  ['a tar with text after it', async () => Buffer.concat([await packTar([file('a', 'a')]), text]), 'header'],
] as const)('recognises %s', async (_, make, expected) => {
  expect(firstBlockOf(await make())).toBe(expected);
});

/** Returns a volume label of GNU tar: a header without an entry. */
async function unknownMember(): Promise<Buffer> {
  const tar = Buffer.from(await packTar([file('label', '')]));
  tar[156] = 'V'.charCodeAt(0);
  tar.fill(0x20, 148, 156);
  const sum = tar.subarray(0, 512).reduce((all, byte) => all + byte, 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return tar;
}
