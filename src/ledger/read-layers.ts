import type { Damage } from '../bytes/decoder.ts';
import type { Digest } from '../bytes/digest.ts';
import { isPlain } from '../bytes/plain.ts';
import { type Extent, extentKey } from '../bytes/source.ts';
import { type ImageLayer, isStored, type StoredLayer } from '../image/image.ts';
import type { EarlyScans } from '../layer/early-scans.ts';
import type { ScanResult, TaskCall } from '../layer/job.ts';
import type { PathTable } from '../layer/path-table.ts';
import type { LayerPool } from '../layer/pool.ts';
import { type PlainLayerScan, scanPlainLayer } from '../layer/scan.ts';
import { tableForTars } from '../layer/usual-members.ts';
import { Problem } from '../problem.ts';

/** Layers that share a blob: it is read once for all of them. */
export type LayerGroup = readonly [StoredLayer, ...StoredLayer[]];

/** Both digests of a blob, as far as it could be read. */
export interface ComputedDigests {
  readonly digest: Digest | null;
  readonly diffId: Digest | null;
}

/** Told what the reading of layers gives, in any order. */
export interface LayerSink {
  progress(group: LayerGroup, storedBytes: number): void;
  /** @param ids for each path id of the scan the id in the image's table; null where they are the same */
  scanned(group: LayerGroup, scan: PlainLayerScan, ids: Uint32Array | null): void;
  digests(group: LayerGroup, digests: ComputedDigests): void;
  /** The group could not be indexed at all. */
  failed(group: LayerGroup, error: Problem): void;
  /** A pass over the group's contents could not read some of them, or none. */
  unread(group: LayerGroup, lost: readonly Damage[] | Problem): void;
}

/** A task that runs on layers while they are indexed, and the receiver of its results. */
export interface LayerTask {
  readonly call: TaskCall;
  progress(extent: Extent, storedBytes: number): void;
  /** @returns the ranges of the extent that the task could not read */
  take(extent: Extent, result: unknown): readonly Damage[];
}

export interface ReadOptions {
  /** The image's table. */
  readonly paths: PathTable;
  readonly pool: LayerPool;
  /** Recompute the digests too. */
  readonly digests: boolean;
  /** Someone looks at the image meanwhile: a layer's paths come into the table only when it is read. */
  readonly watched: boolean;
  /** What was begun while the image was on its way. */
  readonly early?: EarlyScans | undefined;
  readonly layerTask?: LayerTask | undefined;
  /** Paths of files whose contents are kept, of layers that have to be decompressed. */
  readonly keep?: RegExp | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Blobs up to this many stored bytes are decompressed in no time. */
const SMALL = 8 << 20;
/** More paths than this are not handed to a thread. */
const MOST_KNOWN = 200_000;

/** Groups the layers that are there; the largest blobs come first, so that threads end together. */
export function groupLayers(layers: readonly ImageLayer[]): LayerGroup[] {
  const groups = new Map<string, [StoredLayer, ...StoredLayer[]]>();
  for (const layer of layers) {
    if (!isStored(layer)) continue;
    const key = extentKey(layer.blob);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [layer]);
    else group.push(layer);
  }
  return [...groups.values()].toSorted((a, b) => blobOf(b).size - blobOf(a).size);
}

/** How each group of layers is read. */
export interface ReadingPlan {
  /** Begun while the image was on its way. */
  readonly begun: ReadonlyMap<LayerGroup, Promise<ScanResult>>;
  /** Stored as they are: indexed by their headers alone. */
  readonly plain: readonly LayerGroup[];
  /** To be decompressed. */
  readonly packed: readonly LayerGroup[];
}

export function planReading(groups: readonly LayerGroup[], early: EarlyScans | undefined): ReadingPlan {
  const begun = new Map<LayerGroup, Promise<ScanResult>>();
  const plain: LayerGroup[] = [];
  const packed: LayerGroup[] = [];
  for (const group of groups) {
    const scan = early?.take(blobOf(group)) ?? null;
    if (scan !== null) begun.set(group, scan);
    else if (isPlain(blobOf(group))) plain.push(group);
    else packed.push(group);
  }
  return { begun, plain, packed };
}

/**
 * Indexes layers. The headers of plain layers are read here: threads do it no sooner, measured with two
 * of them. Threads inflate the others, in the same pass as all else that is wanted of them.
 * @throws Problem `cancelled` when the signal fires or the pool is closed
 */
export async function indexLayers(
  { begun, packed, plain }: ReadingPlan,
  options: ReadOptions,
  sink: LayerSink,
): Promise<void> {
  await Promise.all([
    ...[...begun].map(([group, scan]) => takeScan(group, scan, options, sink)),
    readStreams(packed, options, sink),
    readPlain(plain, options, sink),
  ]);
}

/**
 * Reads plain layers from end to end for what is wanted of their contents.
 * @throws Problem `cancelled` when the signal fires or the pool is closed
 */
export async function readPlainContents(
  { plain }: ReadingPlan,
  { layerTask, digests, pool }: ReadOptions,
  sink: LayerSink,
): Promise<void> {
  await Promise.all([
    ...(layerTask === undefined ? [] : plain.map((group) => runLayerTask(group, layerTask, pool, sink))),
    ...(digests ? plain.map((group) => digestLayers(group, pool, sink)) : []),
  ]);
}

/** Recomputes the digests of one blob. */
export async function digestLayers(
  group: LayerGroup,
  pool: LayerPool,
  sink: Pick<LayerSink, 'digests' | 'unread'>,
): Promise<void> {
  try {
    const digests = await pool.run({ kind: 'digest', extent: blobOf(group) });
    sink.digests(group, digests);
    if (digests.gaps.length > 0) sink.unread(group, digests.gaps);
  } catch (error) {
    sink.unread(group, readFailure(error));
  }
}

/** Runs the task on an uncompressed layer, which is indexed by its headers alone and needs a separate pass. */
async function runLayerTask(
  group: LayerGroup,
  layerTask: LayerTask,
  pool: LayerPool,
  sink: LayerSink,
): Promise<void> {
  const extent = blobOf(group);
  try {
    const tell = (storedBytes: number): void => layerTask.progress(extent, storedBytes);
    const gaps = layerTask.take(extent, await pool.run({ kind: 'task', extent, ...layerTask.call }, tell));
    if (gaps.length > 0) sink.unread(group, gaps);
  } catch (error) {
    sink.unread(group, readFailure(error));
  }
}

function blobOf(group: LayerGroup): Extent {
  return group[0].blob;
}

/**
 * An error that says that a blob cannot be read, as opposed to one of this program.
 * @throws the error itself if it is none
 */
export function readFailure(error: unknown): Problem {
  if (!(error instanceof Problem) || error.code === 'cancelled') throw error;
  return error;
}

/** One after the other, so that the first is there as soon as it can be. */
async function readPlain(
  groups: readonly LayerGroup[],
  options: ReadOptions,
  sink: LayerSink,
): Promise<void> {
  let ahead = groups.reduce((sum, group) => sum + blobOf(group).size, 0);
  for (const group of groups) {
    try {
      const { size } = blobOf(group);
      const paths = options.watched ? tableForTars(size) : options.paths;
      const scan = await scanPlainLayer(blobOf(group), paths, options.watched ? size : ahead, options.signal);
      ahead -= size;
      sink.scanned(group, scan, options.watched ? options.paths.merge(paths.release()) : null);
    } catch (error) {
      sink.failed(group, readFailure(error));
    }
  }
}

/**
 * Layers that have to be decompressed. Little ones come first: they are mostly those on top, and when a
 * large one is read it is known which of its files will have to be compared with theirs, so that it need
 * not be decompressed twice.
 */
async function readStreams(
  groups: readonly LayerGroup[],
  options: ReadOptions,
  sink: LayerSink,
): Promise<void> {
  options.pool.prepare(groups.length);
  const isSmall = (group: LayerGroup): boolean => blobOf(group).size <= SMALL;
  for (const queue of [groups.filter(isSmall), groups.filter((group) => !isSmall(group))]) {
    const lane = async (): Promise<void> => {
      for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
        await readStream(group, options, sink);
      }
    };
    await Promise.all(Array.from({ length: options.pool.lanes }, lane));
  }
}

async function readStream(group: LayerGroup, options: ReadOptions, sink: LayerSink): Promise<void> {
  const { layerTask, digests, keep, paths } = options;
  const extent = blobOf(group);
  const known = paths.count > 1 && paths.count <= MOST_KNOWN;
  const hashContents = known ? { at: paths.columns() } : 'none';
  const scan = options.pool.run(
    { kind: 'scan', extent, options: { digests, hashContents, keep }, task: layerTask?.call },
    (storedBytes) => {
      sink.progress(group, storedBytes);
      layerTask?.progress(extent, storedBytes);
    },
    paths,
  );
  await takeScan(group, scan, options, sink);
}

async function takeScan(
  group: LayerGroup,
  scanning: Promise<ScanResult>,
  { layerTask, paths }: ReadOptions,
  sink: LayerSink,
): Promise<void> {
  try {
    const scan = await scanning;
    sink.scanned(group, scan, scan.paths === null ? null : paths.merge(scan.paths));
    if (scan.digest !== null) sink.digests(group, scan);
    if (scan.taskResult !== null) layerTask?.take(blobOf(group), scan.taskResult);
  } catch (error) {
    sink.failed(group, readFailure(error));
  }
}
