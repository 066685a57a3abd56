import { createHash, type Hash } from 'node:crypto';
import type { Compression } from '../bytes/compression.ts';
import type { Damage } from '../bytes/decoder.ts';
import { readPlain } from '../bytes/decompress.ts';
import type { Digest } from '../bytes/digest.ts';
import { Gaps } from '../bytes/gaps.ts';
import { isPlain } from '../bytes/plain.ts';
import { type Extent, ExtentReader } from '../bytes/source.ts';
import { Problem } from '../problem.ts';
import type { TarWarning } from '../tar/member.ts';
import { TarParser } from '../tar/parser.ts';
import { readTarInTurns } from '../tar/read.ts';
import type { KeptContents } from './content-keeper.ts';
import { foreignKind, KIND_HEAD } from './magic.ts';
import { type HashContents, LayerIndexBuilder } from './index-builder.ts';
import type { ContentHashes, LayerColumns } from './index-columns.ts';
import type { PathColumns, PathTable } from './path-table.ts';
import { tableForTars } from './usual-members.ts';

/** An unpacked layer is rarely larger than this many times its stored size. */
const EXPANSION = 3;

const NOTHING_KEPT: KeptContents = new Map();

export interface ScanOptions {
  readonly hashContents: HashContents;
  /** Matches the paths of files whose contents are kept. */
  readonly keep?: RegExp | undefined;
  /** Compute the blob's digest and the diffID in the same pass. */
  readonly digests: boolean;
  /** Set if the scan runs on the thread that waits for it, which then inflates by itself. */
  readonly own?: OwnThread | undefined;
}

/** Resources that only the calling thread can provide to a scan. */
export interface OwnThread {
  /** The caller's table. Paths are added to it directly, so no other table has to be merged. */
  readonly paths?: PathTable | undefined;
}

/** The result of one pass over a layer blob: plain data and transferable arrays. */
export interface LayerScan {
  readonly columns: LayerColumns;
  /** The paths that the columns' ids refer to; null if they are in the table that the caller passed. */
  readonly paths: PathColumns | null;
  readonly hashes: ContentHashes | null;
  readonly kept: KeptContents;
  readonly compression: Compression;
  /** Bytes of the uncompressed tar. */
  readonly tarSize: number;
  /** sha256 of the blob as stored, and of the tar; null if not requested or if the blob was not read to its end. */
  readonly digest: Digest | null;
  readonly diffId: Digest | null;
  readonly warnings: readonly TarWarning[];
  readonly droppedWarnings: number;
  readonly damage: Damage | null;
  /** Ranges of the blob that could not be read. */
  readonly gaps: readonly Damage[];
  /** Null if the blob is a tar, or only zeros; otherwise a description of its content. */
  readonly foreign: string | null;
}

/** The result for a layer whose paths were added to the caller's table. */
export type PlainLayerScan = Omit<LayerScan, 'paths'>;

/**
 * Indexes an uncompressed layer from its headers alone, on this thread, with pauses.
 * @param paths the table to add its paths to
 * @param ahead total bytes of this layer and of those whose paths are added to the table after it
 * @throws Problem `cancelled` when the signal fires
 */
export async function scanPlainLayer(
  extent: Extent,
  paths: PathTable,
  ahead: number,
  signal?: AbortSignal,
): Promise<PlainLayerScan> {
  const builder = new LayerIndexBuilder({
    hashContents: 'none',
    expected: expectedEntries(extent.size),
    tarSize: extent.size,
    ahead,
    paths,
  });
  const reader = new ExtentReader(extent);
  try {
    const gaps = new Gaps();
    const parser = new TarParser(builder);
    const tarSize = await readTarInTurns(reader, parser, signal, gaps);
    if (signal?.aborted) throw new Problem('cancelled', 'cancelled');
    const head = new Uint8Array(KIND_HEAD);
    const foreign =
      parser.firstBlock === 'other' ? foreignKind(head.subarray(0, reader.readAround(head, 0, gaps))) : null;
    const damage = gaps.list[0] ?? shortfall(extent, tarSize);
    return assemble(builder, { compression: 'none', tarSize, damage, gaps: gaps.list, foreign });
  } finally {
    reader.close();
  }
}

/**
 * Indexes one layer, reading it once from start to end.
 * @param progress receives the number of stored bytes read so far
 * @param listener receives the bytes of the tar
 * @throws Problem `unsupported-compression`, or `cancelled` when the signal fires
 */
export async function scanLayer(
  extent: Extent,
  options: ScanOptions,
  signal?: AbortSignal,
  progress?: (storedBytes: number) => void,
  listener: { plain(chunk: Uint8Array): void } | null = null,
): Promise<LayerScan> {
  const { own } = options;
  const plain = isPlain(extent);
  const unpacked = plain ? extent.size : extent.size * EXPANSION;
  const expected = expectedEntries(unpacked);
  const builder = new LayerIndexBuilder({
    hashContents: options.hashContents,
    keep: options.keep,
    paths: own?.paths ?? tableFor(unpacked, expected, options),
    expected,
    ...(plain ? { tarSize: extent.size } : {}),
  });
  const parser = new TarParser(builder);
  const diffHash = options.digests ? createHash('sha256') : null;
  // An uncompressed blob is its own tar, so it is hashed only once.
  const blobHash = options.digests && !plain ? createHash('sha256') : null;
  let offset = 0;
  let stored = 0;
  const head = new Uint8Array(KIND_HEAD);
  const { compression, damage, gaps } = await readPlain(
    extent,
    {
      stored(chunk) {
        blobHash?.update(chunk);
        stored += chunk.length;
        progress?.(stored);
      },
      plain(chunk) {
        parser.feed(chunk, offset);
        if (offset < KIND_HEAD) head.set(chunk.subarray(0, KIND_HEAD - offset), offset);
        offset += chunk.length;
        diffHash?.update(chunk);
        listener?.plain(chunk);
      },
      output: builder.window,
    },
    signal,
    own === undefined ? undefined : true,
  );
  parser.end(offset);
  const computed = diffHash === null ? null : sha256Digest(diffHash);
  const digest = blobHash === null ? computed : sha256Digest(blobHash);
  const whole = damage === null || damage.code === 'trailing-data';
  const scan = assemble(builder, {
    compression,
    tarSize: offset,
    diffId: whole ? computed : null,
    digest: gaps.length > 0 ? null : digest,
    damage,
    gaps,
    foreign: parser.firstBlock === 'other' ? foreignKind(head.subarray(0, offset)) : null,
  });
  // Kept contents may contain filler for unreadable ranges. Drop them, so that reading them later fails.
  const kept = gaps.length > 0 ? NOTHING_KEPT : scan.kept;
  return { ...scan, kept, paths: own?.paths === undefined ? builder.paths.release() : null };
}

/** Creates the table of a scan, with the paths whose contents are to be hashed. */
function tableFor(unpacked: number, expected: number, { hashContents, keep }: ScanOptions): PathTable {
  const paths = tableForTars(keep === undefined ? unpacked : 0, expected);
  if (typeof hashContents === 'object') paths.merge(hashContents.at);
  return paths;
}

/**
 * Returns how many entries to make room for in a tar of that many bytes: one per 4 KiB, which is more than
 * common images have. Unused room costs only address space.
 */
export function expectedEntries(bytes: number): number {
  return Math.min(250_000, Math.max(500, Math.ceil(bytes / 4096)));
}

function shortfall(extent: Extent, size: number): Damage | null {
  if (size >= extent.size) return null;
  const missing = extent.size - size;
  const message = `unexpected end of file: ${missing} ${missing === 1 ? 'byte' : 'bytes'} missing`;
  return { code: 'truncated', offset: size, message };
}

function sha256Digest(hash: Hash): Digest {
  return `sha256:${hash.digest('hex')}` as Digest;
}

/** Returns the arrays of a scan that can be transferred to another thread. */
export function scanTransferables(scan: LayerScan): ArrayBuffer[] {
  const { columns, paths, hashes } = scan;
  const arrays: ArrayBufferView[] = [
    ...Object.values(columns).filter((value): value is Uint8Array => ArrayBuffer.isView(value)),
    columns.links.keys,
    columns.links.starts,
    columns.links.bytes,
    columns.rawNames.keys,
    columns.rawNames.starts,
    columns.rawNames.bytes,
    ...(paths === null ? [] : [paths.parent, paths.nameEnd, paths.names]),
    ...(hashes === null ? [] : [hashes.entries, hashes.sha256]),
  ];
  return [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))];
}

function assemble(
  builder: LayerIndexBuilder,
  facts: Pick<LayerScan, 'compression' | 'tarSize'> &
    Partial<Pick<LayerScan, 'digest' | 'diffId' | 'damage' | 'gaps' | 'foreign'>>,
): PlainLayerScan {
  return {
    ...builder.finish(),
    warnings: builder.warnings,
    droppedWarnings: builder.droppedWarnings,
    digest: null,
    diffId: null,
    damage: null,
    gaps: [],
    foreign: null,
    ...facts,
  };
}
