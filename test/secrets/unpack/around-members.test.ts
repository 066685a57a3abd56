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

/** Deflated so that a text ends with a block of its own, before the rest. */
function inBlocks(text: string, rest: Uint8Array): Buffer {
  const first = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH });
  return Buffer.concat([first, deflateRawSync(rest)]);
}

/** As it is, with a stretch of it written over: a block of a kind that is reserved (RFC 1951 §3.2.3). */
function damagedAt(bytes: Buffer, at: number): Buffer {
  return Buffer.from(bytes).fill(0x07, at, at + 40);
}

describe('around the members of a zip', () => {
  it.each([
    ['the comment of the archive', zip([plain], { comment: `see ${token}` })],
    ['the comment of a member', zip([{ ...plain, comment: token }])],
    ['an extra field', zip([{ ...plain, extra: `XX\x29\0${token} ` }])],
    ['a name, told once', zip([{ ...plain, name: `keys/${token}` }])],
    ['bytes between two members', zip([plain, { ...plain, before: token }])],
    ['bytes behind the end', Buffer.concat([zip([plain], { comment: 'no' }), Buffer.from(token)])],
    ['bytes behind a stream that count as its member', zip([{ ...plain, slack: token }])],
    ['the name of an encrypted member', zip([plain, { ...plain, name: token, encrypted: true }])],
    ['the comment of one', zip([plain, { ...plain, comment: token, encrypted: true }])],
    ['a member packed in a rare way', zip([plain, { name: 'b', content: token, unknownMethod: true }])],
    ['the name of a deleted member', zip([{ ...plain, name: token, unlisted: true }, plain])],
  ])('%s', (_what, content) => expectFound(content, [HERE]));

  it.each([
    ['a deleted member', zip([{ name: 'm', content: token, unlisted: true }, plain])],
    ['a deleted one, stored', zip([plain, { name: 'm', content: token, stored: true, unlisted: true }])],
    ['a member behind a script', zip([{ name: 'm', content: token }], { before: '#!/bin/sh\n' })],
    ['an archive that is cut short', zip([{ name: 'm', content: token }, random]).subarray(0, 3000)],
    [
      'an archive that is cut short, its sizes behind the data',
      zip([
        { name: 'm', content: token, streamed: true },
        { ...random, streamed: true },
      ]).subarray(0, 3000),
    ],
    ['a stored member, told once', zip([{ name: 'm', content: token, stored: true }])],
  ])('a member of its own: %s', (_what, content) => expectFound(content, ['zip:m, line 1']));

  it('what comes before the damage of a member, and the rest of it as it is', () => {
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

  it('a script that unpacks it is read as the file that it is', () => {
    const script = `#!/bin/sh\nA=${token}\n`;
    expectFound(zip([plain], { before: script }), ['line 2, as it stands']);
  });
});

describe('around the streams of a gzip file', () => {
  it.each([
    ['the name', gzipWith('x', { name: token })],
    ['the comment', gzipWith('x', { name: 'a', comment: token })],
    ['the extra field', gzipWith('x', { extra: `XX\x28\0${token}`, name: 'a' })],
    ['the name in a second member', Buffer.concat([gzipSync('x'), gzipWith('y', { name: token })])],
    ['bytes behind the end', Buffer.concat([gzipSync('x'), Buffer.from(token)])],
    [
      'bytes behind zeros behind the end',
      Buffer.concat([gzipSync('x'), Buffer.alloc(999), Buffer.from(token)]),
    ],
  ])('%s', (_what, content) => expectFound(content, [HERE]));

  it('nothing stands there in one that is as gzip writes it', () => {
    expectFound(gzipWith(token, { name: 'plain.txt' }), ['gzip, line 1']);
  });

  it('all members are one content, and junk behind them keeps none from being read', () => {
    const content = [gzipSync('a\n'), gzipSync(`b\n${token}`), gzipSync('\nc'), Buffer.from('junk')];
    expectFound(Buffer.concat(content), ['gzip, line 3']);
  });

  it('what comes before damage, and the rest as it is', () => {
    const header = gzipSync('').subarray(0, 10);
    const first = deflateRawSync(`\n${token}\n`, { finishFlush: constants.Z_SYNC_FLUSH });
    const damage = Buffer.alloc(40, 0x07);
    expectFound(Buffer.concat([header, first, damage, Buffer.from(`\0${token}`)]), ['gzip, line 2', HERE]);
  });

  it('a wrong check sum hides nothing', () => {
    const content = gzipSync(token);
    content[content.length - 6]! ^= 1;
    expectFound(content, ['gzip, line 1']);
  });
});

describe('around the objects of git', () => {
  const object = Buffer.from('nothing here\n');
  const pack = gitPack([{ kind: 'blob', content: object }]);
  const path = `/r/.git/${gitLoose('blob', object).path}`;
  const tree = gitTree([{ name: token, id: gitId('blob', object) }]);

  it('bytes behind a pack', () => {
    expectFound(Buffer.concat([pack, Buffer.from(token)]), [HERE]);
  });

  it('bytes behind a loose object', () => {
    const { bytes } = gitLoose('blob', object);
    expectFound(Buffer.concat([bytes, Buffer.from(token)]), [HERE], path);
  });

  it('names in trees, packed and loose', () => {
    const id = `git:${gitId('tree', tree)}, line null`;
    expectFound(gitPack([{ kind: 'tree', content: tree }]), [id]);
    const { bytes, path: loose } = gitLoose('tree', tree);
    expectFound(bytes, [id], `/r/.git/${loose}`);
  });

  it('what a delta adds whose base is elsewhere', () => {
    const after = Buffer.concat([object, Buffer.from(`\n${token}\n`)]);
    const thin = gitPack([{ base: gitId('blob', object), from: object, content: after }]);
    expectFound(thin, ['git:a part at 12, line null']);
  });

  it('what comes before the end of an object that is cut short, or its damage', () => {
    const text = Buffer.from(`${token}\n${chance.toString('hex')}`);
    const cut = gitPack([{ kind: 'blob', content: text }]);
    expectFound(cut.subarray(0, cut.length - 2000), ['git:a part at 12, line 1']);
    const { bytes } = gitLoose('blob', text);
    expectFound(bytes.subarray(0, bytes.length - 2000), [expect.stringMatching(/^git:.*, line 1$/)], path);
  });
});

describe('around the files of a tar in a file', async () => {
  const first = await packTar([file('first', 'x')], { endBlocks: false });
  const end = Buffer.alloc(1024);
  const member = (more: Partial<RawHeader>): Buffer =>
    Buffer.concat([rawHeader({ name: 'm', typeflag: '0', size: 1, ...more }), padded(Buffer.from('y'))]);
  const long = `${'d/'.repeat(60)}${token}`;
  const short = awsKeyPair('user').id;

  it.each([
    ['a name', [member({ name: `k/${token}` })]],
    ['a name that fills its field', [member({ name: `${'d'.repeat(59)}/${token}` })]],
    ['a folder of a name', [member({ prefix: `k/${token}` })]],
    ['the target of a symbolic link', [await packTar([symlink('l', token)], { endBlocks: false })]],
    ['the target of a hard link', [rawHeader({ name: 'l', typeflag: '1', linkname: token })]],
    ['a long name of GNU', [gnuLong('L', long), member({ name: long })]],
    ['a long target of GNU', [gnuLong('K', long), rawHeader({ name: 'l', typeflag: '2', linkname: long })]],
    ['a record of PAX', [paxHeader([['comment', token]]), member({})]],
    ['a user by PAX', [paxHeader([['uname', token]]), member({})]],
    ['a global record', [paxHeader([['comment', token]], { global: true }), member({})]],
    [
      'padding behind a file',
      [rawHeader({ name: 'm', typeflag: '0', size: 9 }), padded(Buffer.from(`123456789${token}`))],
    ],
    [
      'a member of a type that is passed over',
      [rawHeader({ name: 'm', typeflag: 'V', size: 40 }), padded(Buffer.from(token))],
    ],
    ['bytes behind the end', [end, Buffer.from(`\n${token}`)]],
    ['bytes where a header should be', [padded(Buffer.from(token)), member({})]],
  ])('%s', (_what, parts) => expectFound(Buffer.concat([first, ...parts, end]), [HERE]));

  it.each([
    ['user', { uname: short }],
    ['group', { gname: short }],
  ])('the name of a %s', (_what, more) => {
    const content = Buffer.concat([first, member(more), end]);
    for (const piece of [1, 600, 100_000]) expect(look(content, piece)).toEqual(['line null']);
  });

  it('files behind the damage are read', () => {
    const behind = Buffer.concat([
      rawHeader({ name: 'b', typeflag: '0', size: 40 }),
      padded(Buffer.from(token)),
    ]);
    expectFound(Buffer.concat([first, Buffer.alloc(700, 1), Buffer.alloc(324), behind, end]), [
      'tar:b, line 1',
    ]);
  });

  it('a place in a tar that is compressed is one of the tar', () => {
    const content = Buffer.concat([first, member({ name: token }), end]);
    expectFound(gzipSync(content), ['gzip, line null']);
  });
});

it('whatever is changed in a packed file, what stands behind it is found once, where it stands', async () => {
  const jar = zip([plain, { ...random, stored: true, extra: 'extra', comment: 'c' }], { comment: 'c' });
  const files = [
    jar,
    zip([{ name: 'a.jar', content: jar }], { before: '#!/bin/sh\n' }),
    Buffer.concat([gzipSync('one'), gzipWith(jar, { name: 'n', extra: 'abcd' })]),
    await packTar([file('a', jar), symlink('l', 'a'), file('b'.repeat(150), 'x')]),
  ];
  const chances = seededRandom('changed');
  for (let turn = 0; turn < 300; turn++) {
    const content = Buffer.concat([files[turn % files.length]!, Buffer.from(`\0\0\0\0${token}\0`)]);
    const end = content.length - token.length - 5;
    for (let left = chances.below(5); left > 0; left--) content[chances.below(end)] = chances.below(256);
    const found = look(content, 1 + chances.below(9000)).filter((each) => each.endsWith('as it stands'));
    expect([turn, found.length]).toEqual([turn, 1]);
  }
});
