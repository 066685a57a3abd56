import type { Package } from '../package.ts';

/** A file and its checksum from a package header. */
export interface RpmFile {
  readonly path: string;
  readonly algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512';
  /** Hex. */
  readonly hash: string;
}

/** Tag numbers (rpm, include/rpm/rpmtag.h). */
const TAG = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  architecture: 1022,
  digests: 1035,
  source: 1044,
  directoryIndexes: 1116,
  baseNames: 1117,
  directories: 1118,
  digestAlgorithm: 5011,
} as const;
/** Type numbers: 32-bit integers, a string, a list of strings. */
const TYPE = { int32: 4, string: 6, strings: 8, translated: 9 } as const;
/** OpenPGP hash algorithm numbers (RFC 4880, 9.4). The default is md5. */
const ALGORITHMS: Readonly<Record<number, RpmFile['algorithm']>> = {
  1: 'md5',
  2: 'sha1',
  8: 'sha256',
  10: 'sha512',
};
const ENTRY = 16;
const MAX_ENTRIES = 0xffff;

/** A parsed header: the type, offset and count of the data of each tag. */
export interface RpmHeader {
  readonly data: Uint8Array;
  readonly view: DataView;
  readonly entries: ReadonlyMap<number, { type: number; offset: number; count: number }>;
}

/**
 * Parses a header as stored in the rpm database: the number of entries and the length of the data, then
 * the entries (tag, type, offset, count; 32 bits each, big endian), then the data.
 * @returns null if the lengths exceed the blob
 */
export function openRpmHeader(blob: Uint8Array): RpmHeader | null {
  if (blob.length < 8) return null;
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const count = view.getUint32(0);
  const length = view.getUint32(4);
  const start = 8 + count * ENTRY;
  if (count > MAX_ENTRIES || start + length > blob.length) return null;
  const entries = new Map<number, { type: number; offset: number; count: number }>();
  for (let at = 8; at < start; at += ENTRY) {
    entries.set(view.getUint32(at), {
      type: view.getUint32(at + 4),
      offset: view.getUint32(at + 8),
      count: view.getUint32(at + 12),
    });
  }
  const data = blob.subarray(start, start + length);
  return { data, view: new DataView(data.buffer, data.byteOffset, data.byteLength), entries };
}

/** Returns the package of a header; null if it has no name or version, and for public keys, which rpm stores as packages. */
export function packageOfRpm(header: RpmHeader): Package | null {
  const [name, version, release] = [TAG.name, TAG.version, TAG.release].map((tag) => texts(header, tag)[0]);
  if (name === undefined || version === undefined || name === 'gpg-pubkey') return null;
  const epoch = numbers(header, TAG.epoch)[0];
  const source = texts(header, TAG.source)[0];
  return {
    ecosystem: 'rpm',
    name,
    version: `${epoch === undefined ? '' : `${epoch}:`}${version}${release === undefined ? '' : `-${release}`}`,
    architecture: texts(header, TAG.architecture)[0] ?? null,
    source: source === undefined || source === '' || source === '(none)' ? null : source,
  };
}

/** Returns the files that have a checksum; directories and links have none. */
export function filesOfRpm(header: RpmHeader): RpmFile[] {
  const algorithm = ALGORITHMS[numbers(header, TAG.digestAlgorithm)[0] ?? 1];
  if (algorithm === undefined) return [];
  const directories = texts(header, TAG.directories);
  const directoryOf = numbers(header, TAG.directoryIndexes);
  const digests = texts(header, TAG.digests);
  return texts(header, TAG.baseNames).flatMap((base, i): RpmFile[] => {
    const directory = directories[directoryOf[i] ?? -1];
    const hash = digests[i] ?? '';
    return directory === undefined || hash === '' ? [] : [{ path: directory + base, algorithm, hash }];
  });
}

/** Returns the NUL-terminated strings of a tag. */
function texts({ data, entries }: RpmHeader, tag: number): string[] {
  const entry = entries.get(tag);
  if (entry === undefined) return [];
  const { count, offset, type } = entry;
  if (type !== TYPE.string && type !== TYPE.strings && type !== TYPE.translated) return [];
  const found: string[] = [];
  let at = offset;
  while (found.length < (type === TYPE.string ? 1 : count)) {
    const end = at < data.length ? data.indexOf(0, at) : -1;
    if (end < 0) break;
    found.push(Buffer.from(data.buffer, data.byteOffset + at, end - at).toString('utf8'));
    at = end + 1;
  }
  return found;
}

function numbers({ data, entries, view }: RpmHeader, tag: number): number[] {
  const entry = entries.get(tag);
  if (entry === undefined || entry.type !== TYPE.int32) return [];
  const fits = Math.max(0, Math.floor((data.length - entry.offset) / 4));
  return Array.from({ length: Math.min(entry.count, fits) }, (_, i) => view.getUint32(entry.offset + 4 * i));
}
