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

/** A layer unpacked is mostly no more than so many times what is stored. */
const UNPACKED = 3;

const NOTHING_KEPT: KeptContents = new Map();

export interface ScanOptions {
  readonly hashContents: HashContents;
  /** Paths of files whose contents are kept. */
  readonly keep?: RegExp | undefined;
  /** Compute the blob's digest and the diffID in the same pass. */
  readonly digests: boolean;
  /** Given where the scan is done on the thread that wants it, which then inflates itself. */
  readonly own?: OwnThread | undefined;
}

/** What only the thread that wants a layer can lend to reading it. */
export interface OwnThread {
  /** Its table: paths go in there at once, without one of their own that has to be merged. */
  readonly paths?: PathTable | undefined;
}

/** What one pass over a layer blob gives. Plain data and transferable arrays. */
export interface LayerScan {
  readonly columns: LayerColumns;
  /** The paths that the columns' ids stand for; null where they are in the table that was given. */
  readonly paths: PathColumns | null;
  readonly hashes: ContentHashes | null;
  readonly kept: KeptContents;
  readonly compression: Compression;
  /** Bytes of the uncompressed tar. */
  readonly tarSize: number;
  /** sha256 of the blob as stored, and of the tar; null where not asked for or not readable to its end. */
  readonly digest: Digest | null;
  readonly diffId: Digest | null;
  readonly warnings: readonly TarWarning[];
  readonly droppedWarnings: number;
  readonly damage: Damage | null;
  /** Ranges of the blob that the system could not read. */
  readonly gaps: readonly Damage[];
  /** Null if it is a tar, or zeros only; else what its content looks like. */
  readonly foreign: string | null;
}

/** The same for a layer whose paths went into a table of the caller's. */
export type PlainLayerScan = Omit<LayerScan, 'paths'>;

/**
 * Indexes a plain layer by its headers alone, on this thread, with pauses.
 * @param paths the table that its paths go into
 * @param ahead bytes of this layer and of those whose paths will go into the table after it
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
 * Indexes one layer, reading it once from end to end.
 * @param progress told how many stored bytes have gone by
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
  const unpacked = plain ? extent.size : extent.size * UNPACKED;
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
  // A plain blob is its own tar: it is hashed once.
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
  // Contents that hold filler bytes must be read again, and fail then.
  const kept = gaps.length > 0 ? NOTHING_KEPT : scan.kept;
  return { ...scan, kept, paths: own?.paths === undefined ? builder.paths.release() : null };
}

/** A table of a scan's own, with the paths whose contents are to be hashed. */
function tableFor(unpacked: number, expected: number, { hashContents, keep }: ScanOptions): PathTable {
  const paths = tableForTars(keep === undefined ? unpacked : 0, expected);
  if (typeof hashContents === 'object') paths.merge(hashContents.at);
  return paths;
}

/**
 * Room for the entries of a tar of that many bytes: 4 KiB each are fewer than in common images. Room that
 * is not needed costs address space only.
 */
export function expectedEntries(bytes: number): number {
  return Math.min(250_000, Math.max(500, Math.ceil(bytes / 4096)));
}

function shortfall(extent: Extent, size: number): Damage | null {
  if (size >= extent.size) return null;
  return { code: 'truncated', offset: size, message: `the file ends ${extent.size - size} bytes too early` };
}

function sha256Digest(hash: Hash): Digest {
  return `sha256:${hash.digest('hex')}` as Digest;
}

/** The arrays of a scan that can move to another thread instead of being copied. */
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
