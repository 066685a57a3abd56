import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { githubToken, npmToken, password } from '../../../fixtures/canary.ts';
import { gitId, gitLoose, gitPack, gitTree } from '../../../fixtures/git-objects.ts';
import { file, packTar } from '../../../fixtures/tar.ts';
import { zip } from '../../../fixtures/zip.ts';
import { Matcher } from '../../../src/secrets/match/matcher.ts';
import type { PlacedHit } from '../../../src/secrets/raw-hit.ts';
import { named } from '../../../src/secrets/readers/file-name.ts';
import { RULES } from '../../../src/secrets/rules/catalogue.ts';
import { DeepScanner } from '../../../src/secrets/unpack/deep-scanner.ts';

const matcher = new Matcher(RULES);
const token = githubToken('unpack');
const text = `x = 1\ntoken: ${token}\n`;

/** Returns the hits of a new scanner. */
function afresh(content: Uint8Array, path: string): readonly PlacedHit[] {
  const scanner = new DeepScanner(matcher);
  scanner.begin(named(path));
  scanner.feed(content);
  return scanner.end();
}

/** Returns the containers, rule and line of every hit, with the content given in pieces. */
function look(content: Uint8Array, path = '/file', piece = 1000, depth?: number): string[] {
  const scanner = depth === undefined ? new DeepScanner(matcher) : new DeepScanner(matcher, depth);
  scanner.begin(named(path));
  for (let at = 0; at < content.length; at += piece) scanner.feed(content.subarray(at, at + piece));
  return scanner
    .end()
    .map(({ hit, inside }) =>
      [...inside, hit.via ?? '', `${hit.rule}:${hit.line}`].filter(Boolean).join(' '),
    );
}

const tarred = await packTar([file('a/b.txt', text)]);
const nested = await packTar([
  file('t', zip([{ name: 'a.jar', content: zip([{ name: 'p', content: text }]) }])),
]);
const long = await packTar([file('a', `${text}${'x'.repeat(3000)}`)]);
const FOUND = 'github-personal-token:2';

describe('packed contents', () => {
  it.each([
    ['gzip', gzipSync(text), `gzip ${FOUND}`],
    ['a tar', tarred, `tar:a/b.txt ${FOUND}`],
    ['a gzip-compressed tar', gzipSync(tarred), `gzip tar:a/b.txt ${FOUND}`],
    ['a zip', zip([{ name: 'x/y', content: text }]), `zip:x/y ${FOUND}`],
    ['a zip that is not compressed', zip([{ name: 'y', content: text, stored: true }]), `zip:y ${FOUND}`],
    ['a jar in a zip in a tar', nested, `tar:t zip:a.jar zip:p ${FOUND}`],
  ])('are unpacked: %s', (_what, content, found) => {
    for (const piece of [1, 7, 511, 512, 100_000])
      expect([piece, look(content, '/f', piece)]).toEqual([piece, [found]]);
  });

  it('are not unpacked beyond the depth limit or if unpacking is disabled', () => {
    const twice = gzipSync(gzipSync(text));
    expect(look(twice)).toEqual([`gzip gzip ${FOUND}`]);
    expect(look(twice, '/f', 1000, 1)).toEqual([]);
    expect(look(gzipSync(text), '/f', 1000, 0)).toEqual([]);
    const deep = [1, 2, 3, 4, 5].reduce((inner) => gzipSync(inner), Buffer.from(text));
    expect(look(deep)).toEqual([]);
  });

  it('are unpacked as far as possible if truncated', () => {
    const packed = gzipSync(Buffer.concat([Buffer.from(text), Buffer.from(password('tail', 60_000))]));
    expect(look(packed.subarray(0, packed.length - 2000))).toEqual([`gzip ${FOUND}`]);
    const cut = long.subarray(0, 2000);
    expect(look(cut)).toEqual([`tar:a ${FOUND}`]);
  });

  it('are scanned raw if they cannot be unpacked', () => {
    expect(look(Buffer.from(`PK\x03\x04 ${token}`))).toEqual(['github-personal-token:1']);
    expect(look(Buffer.from(`\x1f\x8b\x08 ${token}`, 'latin1'))).toEqual(['github-personal-token:1']);
  });

  it('are reported in file order, in pieces or not', () => {
    const npmrc = Buffer.from(`//r.internal/:_authToken=${npmToken('order')}\n`);
    const jar = zip([
      { name: 'first', content: text },
      { name: '.npmrc', content: npmrc },
      { name: 'b.gz', content: gzipSync(text) },
      { name: 'wide', content: Buffer.from(text, 'utf16le') },
      { name: 'last', content: text },
    ]);
    const found = look(jar, '/f', jar.length).map((each) => each.split(' ')[0]);
    expect(found).toEqual(['zip:first', 'zip:.npmrc', 'zip:b.gz', 'zip:wide', 'zip:last']);
    expect(look(jar, '/f', 100).map((each) => each.split(' ')[0])).toEqual(found);
    const whole: string[] = [];
    const scanner = new DeepScanner(matcher);
    const files = [text, jar, text, gzipSync(text), npmrc, text];
    for (const [index, content] of files.entries()) {
      const name = named(index === 4 ? '/.npmrc' : `/${index}`);
      scanner.whole(Buffer.from(content), name, (hits) => whole.push(`${index}: ${hits.length}`));
    }
    scanner.flush();
    expect(whole).toEqual(['0: 1', '1: 5', '2: 1', '3: 1', '4: 1', '5: 1']);
  });

  it('are unpacked once, unless the path decides how they are read', () => {
    const packed = gzipSync(`//r.internal/:_authToken=${npmToken('again')}\n`);
    const scanner = new DeepScanner(matcher);
    const rules = ['/a.gz', '/b.gz', '/.npmrc.gz', '/c.gz'].map((path) => {
      scanner.begin(named(path));
      scanner.feed(packed);
      return scanner.end().map(({ hit }) => hit.rule);
    });
    expect(rules[1]).toEqual(rules[0]);
    expect(rules[3]).toEqual(rules[0]);
    scanner.begin(named('/.npmrc.gz'));
    scanner.feed(packed);
    expect(scanner.end()).toEqual(afresh(packed, '/.npmrc.gz'));
  });

  it('preserve the names that file readers match on', async () => {
    const npmrc = `//r.internal/:_password=${Buffer.from(password('npmrc')).toString('base64')}\n`;
    expect(look(await packTar([file('.npmrc', npmrc)]))[0]).toMatch(/^tar:\.npmrc npmrc/);
  });

  it('stop at the size limit of a decompression bomb', () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    expect(look(bomb, '/bomb', bomb.length)).toEqual([]);
  });
});

describe('git objects', () => {
  const before = Buffer.from(`${'line\n'.repeat(30)}done\n`);
  const after = Buffer.from(`${'line\n'.repeat(30)}token: ${token}\n`);
  const npmrc = Buffer.from(`//r.internal/:_authToken=${npmToken('pack')}\n`);

  it('are unpacked if loose', () => {
    const { path, bytes } = gitLoose('blob', after);
    expect(look(bytes, `/app/.git/${path}`)).toEqual([
      `git:${gitId('blob', after)} github-personal-token:31`,
    ]);
    const commit = gitLoose('commit', Buffer.from(`tree x\n\nuse ${token}\n`));
    expect(look(commit.bytes, `/app/.git/${commit.path}`)).toHaveLength(1);
    // In any other path a zlib stream is not an object.
    expect(look(deflateSync(after), '/app/x')).toEqual([]);
  });

  it('are unpacked from packs, with both kinds of deltas and a later base', () => {
    const found = [`git:${gitId('blob', after)} github-personal-token:31`];
    const base = { kind: 'blob', content: before } as const;
    const delta = { from: before, content: after };
    expect(look(gitPack([base, { base: 0, ...delta }]))).toEqual(found);
    expect(look(gitPack([{ base: gitId('blob', before), ...delta }, base]))).toEqual(found);
  });

  it('get their names from trees in the same pack', () => {
    const tree = gitTree([{ name: '.npmrc', id: gitId('blob', npmrc) }]);
    const pack = gitPack([
      { kind: 'blob', content: npmrc },
      { kind: 'tree', content: tree },
    ]);
    expect(look(pack)).toEqual([expect.stringMatching(/^git:[0-9a-f]{40} npm/)]);
  });

  it('are unpacked from a truncated pack', () => {
    const pack = gitPack([
      { kind: 'blob', content: after },
      { kind: 'blob', content: before },
    ]);
    expect(look(pack.subarray(0, pack.length - 40))).toHaveLength(1);
  });
});
