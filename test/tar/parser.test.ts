import { describe, expect, it } from 'vitest';
import { gnuLong, padded, paxHeader, rawHeader, type RawHeader } from '../../fixtures/raw-header.ts';
import { device, dir, fifo, file, hardlink, packTar, symlink } from '../../fixtures/tar.ts';
import { TarParser } from '../../src/tar/parser.ts';
import { gnuTar } from '../fixtures/gnu-tar.ts';
import { sampleBytes } from '../bytes/reading.ts';
import { cases, fc } from '../property.ts';
import { gnuListing, listingLine } from './gnu-listing.ts';
import { parsePositioned, parseStream } from './parsing.ts';

const END = Buffer.alloc(1024);

function member(header: Partial<RawHeader>, content: string | Uint8Array = ''): Buffer {
  const body = Buffer.from(content);
  return Buffer.concat([rawHeader({ name: 'f', typeflag: '0', size: body.length, ...header }), padded(body)]);
}

function names(...parts: Uint8Array[]): string[] {
  return parseStream(Buffer.concat([...parts, END])).members.map((each) => each.name);
}

function warned(bytes: Uint8Array): string[] {
  return parseStream(bytes).warnings.map(({ code, offset }) => `${code}@${offset}`);
}

async function everything(format: 'auto' | 'gnu' | 'pax'): Promise<Buffer> {
  const long = `${'long/'.repeat(30)}name`;
  return packTar(
    [
      dir('etc/', { mode: 0o1755 }),
      file('etc/passwd', 'root:x:0:0\n', { mode: 0o4755, uid: 5, gid: 6 }),
      file('empty', ''),
      file('block', 'x'.repeat(512)),
      file('large', sampleBytes(20_000)),
      symlink('link', 'etc/passwd'),
      hardlink('hard', 'etc/passwd'),
      device('dev/null', 'character', 1, 3),
      device('dev/sda', 'block', 8, 300),
      fifo('pipe'),
      file(long, 'long name'),
      symlink('long-link', long),
      file(Buffer.from('caf\xe9', 'latin1'), 'latin1'),
      file('caps', 'x', { xattrs: { 'security.capability': Uint8Array.of(1, 0, 0, 2, 0, 0xff) } }),
      file('huge-ids', '', { uid: 3_000_000_000, gid: 2_097_152 }),
      file('old', '', { mtime: -86_400 }),
    ],
    { format },
  );
}

describe('positioned and streamed reading', () => {
  it.each(['auto', 'gnu', 'pax'] as const)(
    'return the same members, with and without contents (%s)',
    async (format) => {
      const tar = await everything(format);
      for (const wantData of [false, true]) {
        const expected = parsePositioned(tar, undefined, wantData);
        expect(expected.members).toHaveLength(16);
        expect(expected.warnings).toEqual([]);
        fc.assert(
          fc.property(fc.array(fc.nat(tar.length), { maxLength: 60 }), (cuts) => {
            expect(parseStream(tar, cuts, wantData)).toEqual(expected);
          }),
          cases(10),
        );
        fc.assert(
          fc.property(fc.integer({ min: 64, max: 5000 }), (window) => {
            expect(parsePositioned(tar, window, wantData)).toEqual(expected);
          }),
          cases(5),
        );
      }
    },
  );

  it('return the same members one byte at a time', async () => {
    const tar = (await everything('gnu')).subarray(0, 12_000);
    const bytewise = Array.from({ length: tar.length }, (_, i) => i);
    expect(parseStream(tar, bytewise, true)).toEqual(parsePositioned(tar, 4096, true));
  });

  it.each(['auto', 'gnu', 'pax'] as const)('pass the contents (%s)', async (format) => {
    const { members } = parseStream(await everything(format), [], true);
    const content = new Map(members.map((each) => [each.name, each.data]));
    expect(content.get('etc/passwd')).toBe('root:x:0:0\n');
    expect(content.get('empty')).toBe('');
    expect(content.get('large')).toBe(sampleBytes(20_000).toString('latin1'));
    expect(members.every((each) => each.whole)).toBe(true);
  });

  it.runIf(gnuTar).each(['auto', 'gnu', 'pax'] as const)('agree with GNU tar (%s)', async (format) => {
    const tar = await everything(format);
    expect(parseStream(tar).members.map(listingLine)).toEqual(gnuListing(tar).lines);
  });

  it('can restart at any member', async () => {
    const tar = await everything('pax');
    const { members } = parseStream(tar);
    for (const each of members) {
      const seen: string[] = [];
      const parser: TarParser = new TarParser({
        member(found) {
          seen.push(Buffer.from(found.name).toString('latin1'));
          parser.stop();
          return false;
        },
        warning: () => {},
      });
      parser.restart(each.headerOffset);
      parser.feed(tar, 0);
      parser.end(tar.length);
      expect(seen).toEqual([each.name]);
    }
  });
});

describe('names', () => {
  it('come from the header, with the prefix of its format', () => {
    const prefix = 'p'.repeat(155);
    expect(names(member({ name: 'n'.repeat(100) }))).toEqual(['n'.repeat(100)]);
    expect(names(member({ name: 'n', prefix }))).toEqual([`${prefix}/n`]);
    expect(names(member({ name: 'n', prefix, magic: 'v7' }))).toEqual(['n']);
    // In a GNU header, these bytes are times.
    const times = Buffer.from('14000000000\x0014000000000\0');
    expect(names(member({ name: 'n', magic: 'gnu', tail: times }))).toEqual(['n']);
  });

  it('from GNU long-name members apply once and override PAX records, as in Go', () => {
    const pax = paxHeader([['path', 'from-pax']]);
    expect(names(gnuLong('L', 'from-long'), member({}), member({ name: 'second' }))).toEqual([
      'from-long',
      'second',
    ]);
    expect(names(gnuLong('L', 'first'), gnuLong('L', 'last'), member({}))).toEqual(['last']);
    expect(names(gnuLong('L', 'from-long'), pax, member({}))).toEqual(['from-long']);
    expect(names(pax, gnuLong('L', 'from-long'), member({}))).toEqual(['from-long']);
    expect(names(gnuLong('L', ''), pax, member({}))).toEqual(['from-pax']);
    expect(names(gnuLong('L', ''), member({ name: 'own' }))).toEqual(['own']);
  });

  it('come from the last PAX header only', () => {
    const [path, link] = [paxHeader([['path', 'p']]), paxHeader([['linkpath', 'l']])];
    const { members } = parseStream(
      Buffer.concat([path, link, member({ typeflag: '2', linkname: 't' }), END]),
    );
    expect(members[0]).toMatchObject({ name: 'f', linkname: 'l', headerOffset: 0 });
  });

  it('from PAX headers end at a NUL, with a warning', () => {
    const tar = Buffer.concat([paxHeader([['path', 'cut\0off']]), member({}), END]);
    expect(parseStream(tar).members[0]!.name).toBe('cut');
    expect(warned(tar)).toEqual(['bad-pax@1024']);
  });

  it('are not changed by global headers, which engines ignore', () => {
    const global = paxHeader([['path', 'everywhere']], { global: true });
    const local = paxHeader([['path', 'local']]);
    expect(names(global, member({}), local, member({}))).toEqual(['f', 'local']);
    expect(warned(Buffer.concat([global, member({}), END]))).toEqual(['global-header@0']);
    // Go returns a global header as a separate entry and discards the extended headers before it.
    expect(names(local, global, member({ name: 'own' }))).toEqual(['own']);
    const comment = paxHeader([['comment', 'made by git archive']], { global: true });
    expect(warned(Buffer.concat([comment, member({}), END]))).toEqual([]);
  });
});

describe('types', () => {
  it('without content have none, whatever their size field says', () => {
    const parts = ['1', '2', '3', '4', '5', '6'].map((typeflag) =>
      rawHeader({ name: typeflag, typeflag, size: 999 }),
    );
    const { members, warnings } = parseStream(Buffer.concat([...parts, END]));
    expect(members.map((each) => each.type)).toEqual([
      'hardlink',
      'symlink',
      'character',
      'block',
      'directory',
      'fifo',
    ]);
    expect(members.map((each) => each.size + each.storedSize)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(warnings).toEqual([]);
  });

  it('are directories for names with a trailing slash only in the oldest format', () => {
    const { members } = parseStream(
      Buffer.concat([
        member({ name: 'old/', typeflag: '\0', magic: 'v7' }),
        member({ name: 'file/', typeflag: '0' }, 'content'),
        END,
      ]),
    );
    expect(members).toMatchObject([
      { name: 'old/', type: 'directory', size: 0 },
      { name: 'file/', type: 'file', size: 7 },
    ]);
  });

  it('map contiguous files to files, and GNU dump directories to directories without content', () => {
    const tar = Buffer.concat([
      member({ typeflag: '7' }, 'abc'),
      member({ typeflag: 'D' }, 'Yfile\0'),
      member({}),
      END,
    ]);
    expect(parseStream(tar).members).toMatchObject([
      { type: 'file', size: 3 },
      { type: 'directory', size: 0, storedSize: 6 },
      { type: 'file' },
    ]);
  });

  it('that are unknown become files, with a warning', () => {
    const tar = Buffer.concat([member({ typeflag: 'Z' }, 'body'), member({ name: 'next' }), END]);
    const { members, warnings } = parseStream(tar);
    expect(members).toMatchObject([{ type: 'file', size: 4 }, { name: 'next' }]);
    expect(warnings).toEqual([
      { code: 'unknown-type', offset: 0, message: 'unknown member type 0x5a, read as a regular file' },
    ]);
  });

  it('are skipped for volume labels and continuations, with a warning', () => {
    const tar = Buffer.concat([
      member({ typeflag: 'V' }),
      member({ typeflag: 'M' }, 'rest'),
      member({ name: 'next' }),
      END,
    ]);
    expect(parseStream(tar).members.map((each) => each.name)).toEqual(['next']);
    expect(warned(tar)).toEqual(['unknown-type@0', 'unknown-type@512']);
  });
});

describe('numbers', () => {
  it('from PAX records override the header', () => {
    const records: [string, string][] = [
      ['uid', '4294967294'],
      ['gid', '7'],
      ['mtime', '1700000000.5'],
      ['size', '3'],
    ];
    const tar = Buffer.concat([
      paxHeader(records),
      rawHeader({ name: 'f', typeflag: '0' }),
      padded(Buffer.from('abc')),
      END,
    ]);
    expect(parseStream(tar, [], true).members[0]).toMatchObject({
      uid: 4_294_967_294,
      gid: 7,
      mtime: 1_700_000_000.5,
      size: 3,
      data: 'abc',
    });
  });

  it('that are invalid keep the header value, with a warning that names the offset', () => {
    const bad = paxHeader([
      ['uid', 'root'],
      ['size', '-1'],
    ]);
    const tar = Buffer.concat([bad, member({ uid: 9 }, 'abc'), END]);
    expect(parseStream(tar).members[0]).toMatchObject({ uid: 9, size: 3 });
    expect(warned(tar)).toEqual(['bad-pax@1024']);
    const header = rawHeader({ name: 'f', typeflag: '0' });
    header.write('nobody!', 108);
    expect(warned(Buffer.concat([resummed(header), END]))).toEqual(['bad-number@0']);
  });

  it('may be too large for octal', () => {
    const tar = Buffer.concat([member({ uid: 3_000_000_000, mtime: -1 }), END]);
    expect(parseStream(tar).members[0]).toMatchObject({ uid: 3_000_000_000, mtime: -1 });
  });
});

describe('the end of an archive', () => {
  it('is two zero blocks', () => {
    expect(warned(Buffer.concat([member({}), END]))).toEqual([]);
    expect(warned(Buffer.concat([member({}), END, Buffer.alloc(9000)]))).toEqual([]);
    expect(warned(END)).toEqual([]);
  });

  it('may be missing together with the padding of the last member, as from umoci', () => {
    const tar = Buffer.concat([member({}, 'abc')]).subarray(0, 515);
    for (const { members, warnings } of [parseStream(tar, [], true), parsePositioned(tar)]) {
      expect(members).toHaveLength(1);
      expect(warnings).toMatchObject([{ code: 'no-end-marker', offset: 515 }]);
    }
  });

  it('causes a warning if it is a single block or data follows', () => {
    expect(warned(Buffer.concat([member({}), Buffer.alloc(512), member({})]))).toEqual([
      'lone-zero-block@512',
      'trailing-data@1024',
    ]);
    const tar = Buffer.concat([member({}), END, Buffer.alloc(5000), Buffer.from('hidden')]);
    expect(warned(tar)).toEqual(['trailing-data@6536']);
    expect(parsePositioned(tar, 1024).warnings).toEqual(parseStream(tar).warnings);
  });
});

describe('truncated archives', () => {
  it('report how many bytes are missing, positioned and streamed', () => {
    const tar = Buffer.concat([member({}, 'x'.repeat(1000)), END]);
    for (const size of [1000, 1511]) {
      const cut = tar.subarray(0, size);
      const missing = 1512 - size;
      const expected = [
        {
          code: 'truncated',
          offset: size,
          message: `unexpected end of archive: ${missing} ${missing === 1 ? 'byte' : 'bytes'} of the last member missing`,
        },
      ];
      expect(parsePositioned(cut).warnings).toEqual(expected);
      expect(parseStream(cut, [], true).warnings).toEqual(expected);
      expect(parseStream(cut).warnings).toEqual(expected);
    }
  });

  it('return every member before the end, wherever they are truncated', async () => {
    const tar = (await everything('pax')).subarray(0, 14_000);
    const { members } = parseStream(tar);
    for (let size = 0; size <= tar.length; size += 256) {
      const cut = parseStream(tar.subarray(0, size));
      const before = members.filter((each) => each.dataOffset <= size);
      expect(cut.members).toEqual(before);
      expect(parsePositioned(tar.subarray(0, size))).toEqual(cut);
    }
  });
});

describe('damaged archives', () => {
  it('are read from the next valid header on', () => {
    const broken = member({ name: 'broken' }, 'lost');
    broken[0] = 0x41;
    const tar = Buffer.concat([member({ name: 'a' }), broken, member({ name: 'b' }), END]);
    const { members, warnings } = parseStream(tar);
    expect(members.map((each) => each.name)).toEqual(['a', 'b']);
    expect(warnings).toEqual([{ code: 'bad-header', offset: 512, message: 'not a tar header' }]);
  });

  it('do not apply the extended headers of a lost member to the next one', () => {
    const broken = rawHeader({ name: 'broken', typeflag: '0', checksum: 1 });
    expect(names(gnuLong('L', 'said-of-it'), broken, member({ name: 'b' }))).toEqual(['b']);
    expect(names(paxHeader([['path', 'said-of-it']]), broken, member({ name: 'b' }))).toEqual(['b']);
  });

  it('include those with a negative size', () => {
    const tar = Buffer.concat([member({ size: -512 }), member({ name: 'b' }), END]);
    expect(parseStream(tar).members.map((each) => each.name)).toEqual(['b']);
    expect(warned(tar)).toEqual(['bad-header@0']);
  });

  it('skip an extended header of more than 1 MiB', () => {
    const header = rawHeader({ name: 'x', typeflag: 'x', size: 3 << 20 });
    const tar = Buffer.concat([header, Buffer.alloc(3 << 20, 0x20), member({ name: 'b' }), END]);
    expect(parseStream(tar).members.map((each) => each.name)).toEqual(['b']);
    expect(warned(tar)).toEqual(['oversized-header@0']);
  });

  it('are abandoned after 64 MiB without a header', () => {
    let warnings = 0;
    const parser = new TarParser({
      member: () => false,
      warning: () => {
        warnings++;
      },
    });
    const junk = Buffer.alloc(1 << 20, 0x55);
    let offset = 0;
    for (; offset < 100 << 20 && !parser.finished; offset += junk.length) parser.feed(junk, offset);
    parser.end(offset);
    expect(offset).toBeLessThanOrEqual(66 << 20);
    expect(warnings).toBe(1);
  });

  it('may claim huge sizes, which causes a warning', () => {
    const tar = Buffer.concat([member({ size: 2 ** 52 }), END]);
    for (const { members, warnings } of [parseStream(tar), parsePositioned(tar)]) {
      expect(members).toHaveLength(1);
      expect(warnings.map((each) => each.code)).toEqual(['truncated']);
    }
  });
});

/** Returns the header with a corrected checksum. */
function resummed(block: Buffer): Buffer {
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
