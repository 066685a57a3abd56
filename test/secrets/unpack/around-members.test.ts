import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { awsKeyPair, seededRandom } from '../../../fixtures/canary.ts';
import { gitId, gitLoose, gitPack, gitTree } from '../../../fixtures/git-objects.ts';
import { gzipWith } from '../../../fixtures/gzip.ts';
import { gnuLong, padded, paxHeader, type RawHeader, rawHeader } from '../../../fixtures/raw-header.ts';
import { file, packTar, symlink } from '../../../fixtures/tar.ts';
import { zip } from '../../../fixtures/zip.ts';
import { expectFound, HERE, look, token } from '../look-around.ts';

const plain = { name: 'a', content: 'nothing here' };
const chance = Buffer.from(seededRandom('around').bytes(4000));
const random = { name: 'r', content: chance };

/** Deflates two texts in separate blocks. */
function inBlocks(text: string, rest: Uint8Array): Buffer {
  const first = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH });
  return Buffer.concat([first, deflateRawSync(rest)]);
}

/** Overwrites a range with a block of the reserved type (RFC 1951 §3.2.3). */
function damagedAt(bytes: Buffer, at: number): Buffer {
  return Buffer.from(bytes).fill(0x07, at, at + 40);
}

describe('a zip', () => {
  it.each([
    ['the comment of the archive', zip([plain], { comment: `see ${token}` })],
    ['the comment of a member', zip([{ ...plain, comment: token }])],
    ['an extra field', zip([{ ...plain, extra: `XX\x29\0${token} ` }])],
    ['a name, reported once', zip([{ ...plain, name: `keys/${token}` }])],
    ['bytes between two members', zip([plain, { ...plain, before: token }])],
    ['trailing bytes', Buffer.concat([zip([plain], { comment: 'no' }), Buffer.from(token)])],
    ['bytes after a stream within its member', zip([{ ...plain, slack: token }])],
    ['the name of an encrypted member', zip([plain, { ...plain, name: token, encrypted: true }])],
    ['the comment of an encrypted member', zip([plain, { ...plain, comment: token, encrypted: true }])],
    ['a member with an unknown method', zip([plain, { name: 'b', content: token, unknownMethod: true }])],
    ['the name of a deleted member', zip([{ ...plain, name: token, unlisted: true }, plain])],
  ])('is scanned around its contents: %s', (_what, content) => expectFound(content, [HERE]));

  it.each([
    ['a deleted member', zip([{ name: 'm', content: token, unlisted: true }, plain])],
    ['a deleted member, stored', zip([plain, { name: 'm', content: token, stored: true, unlisted: true }])],
    ['a member after a script', zip([{ name: 'm', content: token }], { before: '#!/bin/sh\n' })],
    ['a truncated archive', zip([{ name: 'm', content: token }, random]).subarray(0, 3000)],
    [
      'a truncated archive with data descriptors',
      zip([
        { name: 'm', content: token, streamed: true },
        { ...random, streamed: true },
      ]).subarray(0, 3000),
    ],
    ['a stored member, reported once', zip([{ name: 'm', content: token, stored: true }])],
  ])('is unpacked: %s', (_what, content) => expectFound(content, ['zip:m, line 1']));

  it('is unpacked up to damage in a member, and scanned raw after it', () => {
    const stream = inBlocks(`${token}\n`, Buffer.alloc(3000, token));
    const member = { name: 'm', content: '', slack: '' };
    const whole = zip([plain, member]);
    const at = whole.indexOf('PK\x03\x04', 4);
    const data = at + 30 + 1;
    const content = Buffer.concat([
      whole.subarray(0, data),
      damagedAt(stream, inBlocks(`${token}\n`, Buffer.alloc(0)).length - 2),
      Buffer.from(`\0${token}\0`),
      whole.subarray(data + 2),
    ]);
    expectFound(content, ['zip:m, line 1', HERE]);
  });

  it('is scanned as a script up to the first member if it is self-extracting', () => {
    const script = `#!/bin/sh\nA=${token}\n`;
    expectFound(zip([plain], { before: script }), ['line 2, raw']);
  });
});

describe('a gzip file', () => {
  it.each([
    ['the name', gzipWith('x', { name: token })],
    ['the comment', gzipWith('x', { name: 'a', comment: token })],
    ['the extra field', gzipWith('x', { extra: `XX\x28\0${token}`, name: 'a' })],
    ['the name in a second member', Buffer.concat([gzipSync('x'), gzipWith('y', { name: token })])],
    ['trailing bytes', Buffer.concat([gzipSync('x'), Buffer.from(token)])],
    ['bytes after trailing zeros', Buffer.concat([gzipSync('x'), Buffer.alloc(999), Buffer.from(token)])],
  ])('is scanned around its contents: %s', (_what, content) => expectFound(content, [HERE]));

  it('has no hits around its streams if it is plain', () => {
    expectFound(gzipWith(token, { name: 'plain.txt' }), ['gzip, line 1']);
  });

  it('is read as one stream of all its members despite trailing junk', () => {
    const content = [gzipSync('a\n'), gzipSync(`b\n${token}`), gzipSync('\nc'), Buffer.from('junk')];
    expectFound(Buffer.concat(content), ['gzip, line 3']);
  });

  it('is unpacked up to damage, and scanned raw after it', () => {
    const header = gzipSync('').subarray(0, 10);
    const first = deflateRawSync(`\n${token}\n`, { finishFlush: constants.Z_SYNC_FLUSH });
    const damage = Buffer.alloc(40, 0x07);
    expectFound(Buffer.concat([header, first, damage, Buffer.from(`\0${token}`)]), ['gzip, line 2', HERE]);
  });

  it('is unpacked despite a wrong checksum', () => {
    const content = gzipSync(token);
    content[content.length - 6]! ^= 1;
    expectFound(content, ['gzip, line 1']);
  });
});

describe('git storage', () => {
  const object = Buffer.from('nothing here\n');
  const pack = gitPack([{ kind: 'blob', content: object }]);
  const path = `/r/.git/${gitLoose('blob', object).path}`;
  const tree = gitTree([{ name: token, id: gitId('blob', object) }]);

  it('is scanned after the end of a pack', () => {
    expectFound(Buffer.concat([pack, Buffer.from(token)]), [HERE]);
  });

  it('is scanned after the end of a loose object', () => {
    const { bytes } = gitLoose('blob', object);
    expectFound(Buffer.concat([bytes, Buffer.from(token)]), [HERE], path);
  });

  it('is scanned for secrets in the names of trees, packed and loose', () => {
    const id = `git:${gitId('tree', tree)}, line null`;
    expectFound(gitPack([{ kind: 'tree', content: tree }]), [id]);
    const { bytes, path: loose } = gitLoose('tree', tree);
    expectFound(bytes, [id], `/r/.git/${loose}`);
  });

  it('is scanned for secrets in the text that a delta without a base adds', () => {
    const after = Buffer.concat([object, Buffer.from(`\n${token}\n`)]);
    const thin = gitPack([{ base: gitId('blob', object), from: object, content: after }]);
    expectFound(thin, ['git:a part at 12, line null']);
  });

  it('is unpacked up to the end of a truncated or damaged object', () => {
    const text = Buffer.from(`${token}\n${chance.toString('hex')}`);
    const cut = gitPack([{ kind: 'blob', content: text }]);
    expectFound(cut.subarray(0, cut.length - 2000), ['git:a part at 12, line 1']);
    const { bytes } = gitLoose('blob', text);
    expectFound(bytes.subarray(0, bytes.length - 2000), [expect.stringMatching(/^git:.*, line 1$/)], path);
  });
});

describe('a nested tar', async () => {
  const first = await packTar([file('first', 'x')], { endBlocks: false });
  const end = Buffer.alloc(1024);
  const member = (more: Partial<RawHeader>): Buffer =>
    Buffer.concat([rawHeader({ name: 'm', typeflag: '0', size: 1, ...more }), padded(Buffer.from('y'))]);
  const long = `${'d/'.repeat(60)}${token}`;
  const short = awsKeyPair('user').id;

  it.each([
    ['a name', [member({ name: `k/${token}` })]],
    ['a name that fills its field', [member({ name: `${'d'.repeat(59)}/${token}` })]],
    ['a directory in a name', [member({ prefix: `k/${token}` })]],
    ['the target of a symbolic link', [await packTar([symlink('l', token)], { endBlocks: false })]],
    ['the target of a hard link', [rawHeader({ name: 'l', typeflag: '1', linkname: token })]],
    ['a GNU long name', [gnuLong('L', long), member({ name: long })]],
    ['a GNU long link target', [gnuLong('K', long), rawHeader({ name: 'l', typeflag: '2', linkname: long })]],
    ['a PAX record', [paxHeader([['comment', token]]), member({})]],
    ['a PAX user name', [paxHeader([['uname', token]]), member({})]],
    ['a global PAX record', [paxHeader([['comment', token]], { global: true }), member({})]],
    [
      'padding after a file',
      [rawHeader({ name: 'm', typeflag: '0', size: 9 }), padded(Buffer.from(`123456789${token}`))],
    ],
    [
      'a member of an ignored type',
      [rawHeader({ name: 'm', typeflag: 'V', size: 40 }), padded(Buffer.from(token))],
    ],
    ['trailing bytes', [end, Buffer.from(`\n${token}`)]],
    ['bytes where a header should be', [padded(Buffer.from(token)), member({})]],
  ])('is scanned around its files: %s', (_what, parts) =>
    expectFound(Buffer.concat([first, ...parts, end]), [HERE]),
  );

  it.each([
    ['user', { uname: short }],
    ['group', { gname: short }],
  ])('is scanned for a secret in the name of a %s', (_what, more) => {
    const content = Buffer.concat([first, member(more), end]);
    for (const piece of [1, 600, 100_000]) expect(look(content, piece)).toEqual(['line null']);
  });

  it('is read after damage', () => {
    const second = Buffer.concat([
      rawHeader({ name: 'b', typeflag: '0', size: 40 }),
      padded(Buffer.from(token)),
    ]);
    expectFound(Buffer.concat([first, Buffer.alloc(700, 1), Buffer.alloc(324), second, end]), [
      'tar:b, line 1',
    ]);
  });

  it('has offsets relative to the uncompressed tar', () => {
    const content = Buffer.concat([first, member({ name: token }), end]);
    expectFound(gzipSync(content), ['gzip, line null']);
  });
});

it('finds trailing bytes once, at their own offset, after a change to any byte of the packed file', async () => {
  const jar = zip([plain, { ...random, stored: true, extra: 'extra', comment: 'c' }], { comment: 'c' });
  const files = [
    jar,
    zip([{ name: 'a.jar', content: jar }], { before: '#!/bin/sh\n' }),
    Buffer.concat([gzipSync('one'), gzipWith(jar, { name: 'n', extra: 'abcd' })]),
    await packTar([file('a', jar), symlink('l', 'a'), file('b'.repeat(150), 'x')]),
  ];
  const numbers = seededRandom('changed');
  for (let turn = 0; turn < 300; turn++) {
    const content = Buffer.concat([files[turn % files.length]!, Buffer.from(`\0\0\0\0${token}\0`)]);
    const end = content.length - token.length - 5;
    for (let left = numbers.below(5); left > 0; left--) content[numbers.below(end)] = numbers.below(256);
    const found = look(content, 1 + numbers.below(9000)).filter((each) => each.endsWith('raw'));
    expect([turn, found.length]).toEqual([turn, 1]);
  }
});
