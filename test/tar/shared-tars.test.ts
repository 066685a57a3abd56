import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { readPlain } from '../../src/bytes/decompress.ts';
import { fileExtent } from '../../src/bytes/source.ts';
import { gnuTar } from '../fixtures/gnu-tar.ts';
import { gnuListing, listingLine } from './gnu-listing.ts';
import { parsePositioned, parseStream, type Seen } from './parsing.ts';

const SHARED = path.resolve('../shared/tars');
const files = existsSync(SHARED) ? archivesBelow(SHARED) : [];
if (files.length === 0) console.log('../shared/tars is not there: skipping the archives of other projects');

/**
 * Differences from GNU tar, and their reasons; `ours` are the lines that differ. Engines unpack with Go's
 * archive/tar, so where the two disagree, a container sees Go's result.
 */
const DIFFERENT: Readonly<Record<string, { readonly why: string; readonly ours: readonly string[] }>> = {
  'go/testdata/hdr-only.tar': {
    why: 'links, devices and fifos with a size field: Go knows that no body follows, GNU tar skips one and loses members',
    ours: [],
  },
  'go/testdata/invalid-go17.tar': {
    why: "Go's writer before 1.8 wrote a ustar prefix into GNU headers; Go's reader takes it for one",
    ours: [`---------- 2097152/0 0 1970-01-01 00:00:00 ${'a'.repeat(97)}/foo`],
  },
  'go/testdata/pax-bad-mtime-file.tar': {
    why: 'a time that is no number: Go refuses, GNU tar takes its first digits, here the header keeps its own',
    ours: ['-rw-r----- 319973/5000 684 2015-09-15 02:01:56 foo'],
  },
  'go/testdata/pax-global-records.tar': {
    why: 'Go applies no global records',
    ours: [
      '---------- 0/0 0 1970-01-01 00:00:00 file1',
      '---------- 0/0 0 1970-01-01 00:00:00 file2',
      '---------- 0/0 0 1970-01-01 00:00:00 file3',
      '---------- 0/0 0 2014-05-13 16:53:20 file4',
    ],
  },
  'node-tar/test/fixtures/tars/global-header.tar': {
    why: 'Go applies no global records',
    ours: ['-rw-r--r-- 501/20 1 2017-04-10 16:58:20 one-byte.txt'],
  },
  'node-tar/test/fixtures/tars/links-invalid.tar': {
    why: 'GNU tar prints a dot for an empty link target',
    ours: ['hrw-r--r-- 501/20 0 2017-04-10 19:27:05 hardlink-2 link to '],
  },
};

/** tar-stream waits forever for content that does not exist in these files. */
const NOT_FOR_TAR_STREAM: ReadonlySet<string> = new Set([
  'cpython/2.7/testtar.tar',
  'cpython/3.13/testtar.tar',
  'go/testdata/hdr-only.tar',
]);

describe.each(files)('%s', (name) => {
  it.runIf(gnuTar)('is listed as by GNU tar, or has a warning with the offset', async () => {
    const { bytes, complete } = await unpacked(name);
    const { members, warnings } = parseStream(bytes);
    const ours = members.map(listingLine);
    const gnu = gnuListing(bytes);
    const different = DIFFERENT[name];
    const unknown = ours.filter((line) => !gnu.lines.includes(line));
    expect(unknown).toEqual(different?.ours ?? []);
    const missing = gnu.lines.filter((line) => !ours.includes(line));
    expect(different === undefined ? missing : []).toEqual([]);
    expect(different === undefined ? ours : []).toEqual(different === undefined ? gnu.lines : []);
    // A file on which GNU tar fails must have a warning.
    const told = warnings.length > 0 || !complete || different !== undefined;
    expect(told || !gnu.failed).toBe(true);
    expect(warnings.every(({ offset }) => offset >= 0 && offset <= bytes.length)).toBe(true);
  });

  it('has the same members positioned and streamed in pieces of any length', async () => {
    const { bytes } = await unpacked(name);
    const expected = parsePositioned(bytes);
    expect(parsePositioned(bytes, 512)).toEqual(expected);
    expect(parsePositioned(bytes, 1000)).toEqual(expected);
    for (const length of [511, 512, 700, 100_000]) {
      expect(parseStream(bytes, every(length, bytes.length))).toEqual(expected);
    }
    const short = bytes.subarray(0, 20_000);
    expect(parseStream(short, every(1, short.length))).toEqual(parsePositioned(short));
  });

  it.skipIf(NOT_FOR_TAR_STREAM.has(name))('has the same contents as in tar-stream', async () => {
    const { bytes } = await unpacked(name);
    const { members } = parseStream(bytes, [], true);
    const ours = members
      .filter((member) => member.type === 'file' && !isOldSparse(member))
      .map((member) => member.data ?? '');
    // Files that tar-stream rejects are covered by the test with GNU tar.
    expect((await streamContents(bytes)) ?? ours).toEqual(ours);
  });
});

it.runIf(files.includes('go/testdata/hdr-only.tar'))('reads hdr-only.tar as Go does', async () => {
  const { bytes } = await unpacked('go/testdata/hdr-only.tar');
  const { members, warnings } = parseStream(bytes);
  const once = ['directory', 'fifo', 'file', 'hardlink', 'character', 'symlink', 'block', 'symlink'];
  expect(members.map((member) => member.type).toSorted()).toEqual([...once, ...once].toSorted());
  expect(warnings).toEqual([]);
});

/** Excludes sparse files: tar-stream does not support the old format, and does not expand the newer ones. */
function isOldSparse(member: Seen): boolean {
  return member.sparse !== null && Object.keys(member.pax).length === 0;
}

function archivesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile() && !name.endsWith('.md'))
    .toSorted((a, b) => a.localeCompare(b));
}

async function unpacked(name: string): Promise<{ bytes: Buffer; complete: boolean }> {
  const parts: Buffer[] = [];
  const { damage } = await readPlain(fileExtent(path.join(SHARED, name)), {
    plain: (chunk) => parts.push(Buffer.from(chunk)),
  });
  return { bytes: Buffer.concat(parts), complete: damage === null };
}

function every(length: number, size: number): number[] {
  return Array.from({ length: Math.floor(size / length) }, (_, i) => (i + 1) * length);
}

/** Returns the contents of the regular files as read by tar-stream; null if it fails. */
async function streamContents(bytes: Buffer): Promise<string[] | null> {
  const contents: string[] = [];
  const reader = extract();
  reader.end(bytes);
  try {
    for await (const entry of reader) {
      const parts: Buffer[] = [];
      for await (const chunk of entry) parts.push(chunk as Buffer);
      if (entry.header.type === 'file') contents.push(Buffer.concat(parts).toString('latin1'));
    }
    return contents;
  } catch {
    return null;
  }
}
