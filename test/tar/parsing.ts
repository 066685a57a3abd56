import { ExtentReader } from '../../src/bytes/source.ts';
import {
  ENTRY_TYPE_NAMES,
  type EntryTypeName,
  type SparseForm,
  type TarMember,
  type TarWarning,
} from '../../src/tar/member.ts';
import { TarParser } from '../../src/tar/parser.ts';
import { PaxField, type PaxRecords } from '../../src/tar/pax.ts';
import { readTar } from '../../src/tar/read.ts';
import { extentOf } from '../bytes/reading.ts';

/** A member as passed to the sink, with names as Latin-1 text so that every byte is visible. */
export interface Seen {
  readonly type: EntryTypeName;
  readonly name: string;
  readonly linkname: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly storedSize: number;
  readonly mtime: number;
  readonly device: string;
  readonly headerOffset: number;
  readonly dataOffset: number;
  readonly pax: Record<string, string>;
  readonly sparse: SparseForm | null;
  /** Stored bytes as Latin-1 text, if requested. */
  data: string | null;
  whole: boolean;
}

export interface Parsed {
  readonly members: Seen[];
  readonly warnings: TarWarning[];
}

/** Feeds a tar as a stream, in pieces that end at the given offsets. */
export function parseStream(bytes: Uint8Array, cuts: readonly number[] = [], wantData = false): Parsed {
  const { parser, parsed } = recorder(wantData);
  const ends = [...new Set([...cuts, bytes.length])].filter((end) => end <= bytes.length);
  let start = 0;
  for (const end of ends.toSorted((a, b) => a - b)) {
    // Pass a copy and wipe it afterwards: the results of the parser must not depend on it.
    const piece = new Uint8Array(bytes.subarray(start, end));
    parser.feed(piece, start);
    piece.fill(0xee);
    start = end;
  }
  parser.end(bytes.length);
  return parsed;
}

/** Reads the headers of a tar by seeking, with a window of a given length. */
export function parsePositioned(bytes: Uint8Array, window = 128 * 1024, wantData = false): Parsed {
  const { parser, parsed } = recorder(wantData);
  const reader = new ExtentReader(extentOf(bytes));
  readTar(reader, parser, window);
  reader.close();
  return parsed;
}

function recorder(wantData: boolean): { parser: TarParser; parsed: Parsed } {
  const parsed: Parsed = { members: [], warnings: [] };
  const parser = new TarParser({
    member(member) {
      parsed.members.push(copyOf(member));
      return wantData;
    },
    data(chunk) {
      const member = parsed.members.at(-1)!;
      member.data = (member.data ?? '') + latin1(chunk);
    },
    endData() {
      const member = parsed.members.at(-1)!;
      member.data ??= '';
      member.whole = true;
    },
    warning: (warning) => parsed.warnings.push(warning),
  });
  return { parser, parsed };
}

function copyOf(member: TarMember): Seen {
  const { headerOffset, dataOffset, storedSize, size, mode, uid, gid, mtime, sparse } = member;
  return {
    type: ENTRY_TYPE_NAMES[member.type],
    name: latin1(member.name),
    linkname: latin1(member.linkname),
    mode,
    uid,
    gid,
    size,
    storedSize,
    mtime,
    device: `${member.devmajor},${member.devminor}`,
    headerOffset,
    dataOffset,
    pax: Object.fromEntries(
      [...(member.pax === null ? [] : recordsOf(member.pax))].map(([key, value]) => [key, latin1(value)]),
    ),
    sparse: sparse?.kind === 'map' ? { kind: 'map', segments: [...sparse.segments] } : sparse,
    data: null,
    whole: false,
  };
}

/** Returns all records of an extended header by name. */
export function recordsOf(pax: PaxRecords): Map<string, Uint8Array> {
  const records = new Map(pax.others);
  for (const [key, field] of Object.entries(PaxField)) {
    if (pax.has(field)) records.set(key, pax.bytes.slice(pax.start(field), pax.end(field)));
  }
  return records;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
