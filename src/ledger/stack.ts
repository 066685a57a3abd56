import { detectCompression, MAGIC_LENGTH } from '../bytes/compression.ts';
import { type Extent, readExtent } from '../bytes/source.ts';
import type { Image, ImageLayer } from '../image/image.ts';
import { type EntryPlace, hashEntries } from '../layer/hash-entries.ts';
import { PathTable } from '../layer/path-table.ts';
import type { LayerPool } from '../layer/pool.ts';
import { type PlainLayerScan, scanPlainLayer } from '../layer/scan.ts';
import { Problem, type Warning } from '../problem.ts';
import { buildLedger } from './build.ts';
import type { Ledger, UnverifiedContent } from './ledger.ts';
import { LayerEntries } from './layer-entries.ts';
import { failureWarning, scanWarnings } from './layer-warnings.ts';
import type { LayerReading, StackedImage, Verified } from './stacked-image.ts';

/**
 * When the digests are recomputed: in the same pass as the index (`now`, for commands), after the
 * tree is there (`later`, for the screen), or not at all (`never`).
 */
export type Verifying = 'now' | 'later' | 'never';

export interface StackOptions {
  readonly pool: LayerPool;
  readonly verify: Verifying;
  /** Told of each step; not called for every byte. */
  readonly step?: (stacked: StackedImage) => void;
  readonly signal?: AbortSignal;
}

const NOTHING_VERIFIED: Verified = { digest: null, diffId: null };
/** Progress alone is told at most this often, in milliseconds. */
const PROGRESS_INTERVAL = 80;
/** Contents of a plain layer up to this many bytes are hashed on this thread. */
const HASHED_HERE = 32 << 20;
/** Plain layers of this many bytes in all are worth a thread that helps to read their headers. */
const SHARED_WITH_THREAD = 400e6;

/**
 * Reads every layer of an image and stacks them. A layer that is missing or damaged is marked and
 * contributes what could be read; nothing of it throws.
 * @throws Problem `cancelled` when the signal fires or the pool is closed
 */
export async function stackImage(image: Image, options: StackOptions): Promise<StackedImage> {
  return new Stacking(image, options).run();
}

class Stacking {
  readonly #image: Image;
  readonly #options: StackOptions;
  readonly #paths = new PathTable();
  readonly #entries: (LayerEntries | null)[];
  readonly #readings: LayerReading[];
  readonly #warnings: Warning[];
  #ledger: Ledger;
  #lastStep = 0;
  #complete = false;
  #verifiedAll = false;

  constructor(image: Image, options: StackOptions) {
    this.#image = image;
    this.#options = options;
    this.#entries = image.layers.map(() => null);
    this.#readings = image.layers.map((layer) => ({
      status: layer.blob === null ? 'missing' : 'waiting',
      progress: 0,
      storedSize: layer.blob?.size ?? 0,
      tarSize: null,
      compression: null,
      digest: null,
      diffId: null,
      verified: NOTHING_VERIFIED,
    }));
    this.#warnings = [...image.warnings];
    this.#ledger = buildLedger(this.#paths, this.#entries);
  }

  async run(): Promise<StackedImage> {
    this.#step();
    await this.#indexAll();
    if (this.#options.step === undefined) this.#stack();
    await this.#compareContents();
    this.#complete = true;
    this.#verifiedAll = this.#options.verify === 'now';
    this.#step();
    if (this.#options.verify === 'later') {
      await Promise.all(this.#groups().map((group) => this.#digest(group)));
      this.#verifiedAll = true;
      this.#step();
    }
    return this.#snapshot();
  }

  /** Layers that share a blob are read once; the largest blobs come first, so that threads end together. */
  #groups(): ImageLayer[][] {
    const groups = new Map<string, ImageLayer[]>();
    for (const layer of this.#image.layers) {
      if (layer.blob === null) continue;
      const { source, offset, size } = layer.blob;
      const key = `${source.kind === 'file' ? source.path : source.name}\0${offset}\0${size}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [layer]);
      else group.push(layer);
    }
    return [...groups.values()].toSorted((a, b) => b[0]!.blob!.size - a[0]!.blob!.size);
  }

  /** Indexes all layers, and recomputes their digests where that is wanted now. */
  async #indexAll(): Promise<void> {
    const digests = this.#options.verify === 'now';
    const groups = this.#groups();
    const plain = groups.filter((group) => isPlain(group[0]!.blob!));
    const others = groups.filter((group) => !plain.includes(group));
    // Threads that are busy with digests or with inflating are of no help with plain layers.
    const size = plain.reduce((sum, group) => sum + group[0]!.blob!.size, 0);
    const shared = !digests && others.length === 0 && size >= SHARED_WITH_THREAD;
    await Promise.all([
      ...others.map((group) => this.#indexOnThread(group, digests)),
      ...(digests ? plain.map((group) => this.#digest(group)) : []),
      this.#indexPlainLayers(plain),
      shared ? this.#helpFromTheEnd(plain) : null,
    ]);
  }

  /** One after the other, so that the first is there as soon as it can be. */
  async #indexPlainLayers(queue: ImageLayer[][]): Promise<void> {
    for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
      try {
        await this.#indexPlain(group, group[0]!.blob!);
      } catch (error) {
        this.#fail(group, error);
      }
    }
  }

  async #helpFromTheEnd(queue: ImageLayer[][]): Promise<void> {
    for (let group = queue.pop(); group !== undefined; group = queue.pop()) {
      await this.#indexOnThread(group, false);
    }
  }

  async #indexOnThread(group: readonly ImageLayer[], digests: boolean): Promise<void> {
    try {
      const extent = group[0]!.blob!;
      const options = { digests, hashContents: false };
      const scan = await this.#options.pool.run({ kind: 'scan', extent, options }, (bytes) =>
        this.#progress(group, bytes),
      );
      this.#take(group, scan, this.#paths.merge(scan.paths));
      if (digests) this.#verify(group, scan);
    } catch (error) {
      this.#fail(group, error);
    }
  }

  /** Reading a plain layer's headers takes no longer than starting a thread would. */
  async #indexPlain(group: readonly ImageLayer[], blob: Extent): Promise<void> {
    if (this.#options.step === undefined) {
      this.#take(group, await scanPlainLayer(blob, this.#paths, this.#options.signal), null);
      return;
    }
    // Who watches must not meet paths that the ledger shown does not have yet.
    const paths = new PathTable();
    const scan = await scanPlainLayer(blob, paths, this.#options.signal);
    this.#take(group, scan, this.#paths.merge(paths.release()));
  }

  /** @param ids for each path id of the scan the image's own; null where they are the same */
  #take(group: readonly ImageLayer[], scan: PlainLayerScan, ids: Uint32Array | null): void {
    const translate = (from: Uint32Array): Uint32Array => (ids === null ? from : from.map((id) => ids[id]!));
    const columns = {
      ...scan.columns,
      path: translate(scan.columns.path),
      whiteoutPath: translate(scan.columns.whiteoutPath),
    };
    for (const layer of group) {
      this.#entries[layer.index] = new LayerEntries(columns, scan.hashes);
      this.#update(layer, {
        status: scan.damage === null ? 'indexed' : 'damaged',
        progress: layer.blob!.size,
        tarSize: scan.tarSize,
        compression: scan.compression,
      });
      this.#warnings.push(...scanWarnings(layer, scan));
    }
    if (this.#options.step === undefined) return;
    this.#stack();
    this.#step();
  }

  #stack(): void {
    this.#ledger = buildLedger(this.#paths, this.#entries);
  }

  #verify(group: readonly ImageLayer[], { digest, diffId }: Pick<LayerReading, 'digest' | 'diffId'>): void {
    for (const layer of group) {
      const verified = {
        digest: comparable(layer.digest, digest),
        diffId: comparable(layer.diffId, diffId),
      };
      this.#update(layer, { digest, diffId, verified });
    }
  }

  #fail(group: readonly ImageLayer[], error: unknown): void {
    if (error instanceof Problem && error.code === 'cancelled') throw error;
    for (const layer of group) {
      this.#update(layer, { status: 'damaged' });
      this.#warnings.push(failureWarning(layer, error));
    }
    this.#step();
  }

  /**
   * Hashes the contents that the ledger could not tell apart by their sizes, then stacks again. A second
   * look at a few files costs less than hashing every file of every layer as it goes by.
   */
  async #compareContents(): Promise<void> {
    const wanted = this.#ledger.unverified;
    if (wanted.length === 0) return;
    await Promise.all([...groupByLayer(wanted)].map(([index, items]) => this.#hash(index, items)));
    this.#stack();
  }

  async #hash(layer: number, items: readonly UnverifiedContent[]): Promise<void> {
    const extent = this.#image.layers[layer]!.blob!;
    const entries = this.#entries[layer]!;
    const { headerBlock, size } = entries.columns;
    const places = items
      .map(({ entry }): EntryPlace => ({ entry, headerBlock: headerBlock[entry]! }))
      .toSorted((a, b) => a.headerBlock - b.headerBlock);
    const bytes = items.reduce((sum, { entry }) => sum + size[entry]!, 0);
    // A little of a plain layer is hashed before a thread has started.
    const hashes =
      bytes <= HASHED_HERE && isPlain(extent)
        ? await hashEntries(extent, places, this.#options.signal)
        : await this.#options.pool.run({ kind: 'hash', extent, places });
    entries.addHashes(hashes);
  }

  async #digest(group: readonly ImageLayer[]): Promise<void> {
    try {
      this.#verify(group, await this.#options.pool.run({ kind: 'digest', extent: group[0]!.blob! }));
    } catch (error) {
      if (error instanceof Problem && error.code === 'cancelled') throw error;
      // An unreadable blob was told of when it was indexed: its digests stay unknown.
    }
    this.#step();
  }

  #update(layer: ImageLayer, change: Partial<LayerReading>): void {
    this.#readings[layer.index] = { ...this.#readings[layer.index]!, ...change };
  }

  #progress(group: readonly ImageLayer[], bytes: number): void {
    for (const layer of group) this.#update(layer, { status: 'reading', progress: bytes });
    if (performance.now() - this.#lastStep >= PROGRESS_INTERVAL) this.#step();
  }

  #step(): void {
    if (this.#options.signal?.aborted) throw new Problem('cancelled', 'cancelled');
    this.#lastStep = performance.now();
    this.#options.step?.(this.#snapshot());
  }

  #snapshot(): StackedImage {
    return {
      image: this.#image,
      layers: [...this.#readings],
      ledger: this.#ledger,
      complete: this.#complete,
      verifiedAll: this.#verifiedAll,
      warnings: [...this.#warnings],
    };
  }
}

function isPlain(blob: Extent): boolean {
  try {
    return detectCompression(readExtent(blob, MAGIC_LENGTH)) === 'none';
  } catch {
    return false;
  }
}

function groupByLayer(items: readonly UnverifiedContent[]): Map<number, UnverifiedContent[]> {
  const groups = new Map<number, UnverifiedContent[]>();
  for (const item of items) {
    const group = groups.get(item.layer);
    if (group === undefined) groups.set(item.layer, [item]);
    else group.push(item);
  }
  return groups;
}

/** Null where there is nothing to hold against each other, or in an algorithm that is not computed. */
function comparable(declared: string | null, computed: string | null): boolean | null {
  if (declared === null || computed === null) return null;
  return declared.startsWith('sha256:') ? declared === computed : null;
}
