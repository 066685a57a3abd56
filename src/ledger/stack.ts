import type { Damage } from '../bytes/decoder.ts';
import { isPlain } from '../bytes/plain.ts';
import type { Extent } from '../bytes/source.ts';
import { type Image, type ImageLayer, isStored, storedBytes } from '../image/image.ts';
import type { EarlyScans } from '../layer/early-scans.ts';
import type { PathTable } from '../layer/path-table.ts';
import type { LayerPool } from '../layer/pool.ts';
import { expectedEntries, type PlainLayerScan } from '../layer/scan.ts';
import { tableForTars } from '../layer/usual-members.ts';
import { Problem, type Warning } from '../problem.ts';
import { buildLedger } from './build.ts';
import { hashContents, placesByLayer } from './hash-contents.ts';
import { LayerEntries } from './layer-entries.ts';
import { UnreadParts, unreadBlob, unreadRange } from './unread-parts.ts';
import { failureWarning, judgeScan, scanWarnings } from './layer-warnings.ts';
import type { Ledger } from './ledger.ts';
import {
  type ComputedDigests,
  digestLayers,
  groupLayers,
  type LayerGroup,
  type LayerSink,
  indexLayers,
  planReading,
  type LayerTask,
  type ReadingPlan,
  type ReadOptions,
  readPlainContents,
} from './read-layers.ts';
import { settleContents } from './settle.ts';
import type { LayerReading, StackedImage, Verified } from './stacked-image.ts';

/**
 * When the digests are recomputed: together with the index (`now`, for commands), after the tree is
 * there (`later`, for the screen), or not at all (`never`).
 */
type Verifying = 'now' | 'later' | 'never';

export interface StackOptions {
  readonly pool: LayerPool;
  readonly verify: Verifying;
  /** Layers that were begun while the image was on its way. */
  readonly early?: EarlyScans;
  /** Task that receives the bytes of the tar in the same pass. */
  readonly layerTask?: LayerTask | undefined;
  /** Paths of files whose contents will be asked for: those of compressed layers are kept. */
  readonly keep?: RegExp | undefined;
  /** Told of each step; not called for every byte. */
  readonly step?: (stacked: StackedImage) => void;
  readonly signal?: AbortSignal;
}

const NOTHING_VERIFIED: Verified = { digest: null, diffId: null };
/** Progress alone is told at most this often, in milliseconds. */
const PROGRESS_INTERVAL = 80;
/** While someone looks on, stacking anew takes at most this part of the time: the screen wants the rest. */
const STACKING_SHARE = 0.2;

/**
 * Reads every layer of an image and stacks them. A layer that is missing or damaged is marked and
 * contributes what could be read; nothing of it throws.
 * @throws Problem `cancelled` when the signal fires or the pool is closed
 */
export async function stackImage(image: Image, options: StackOptions): Promise<StackedImage> {
  return new Stacking(image, options).run();
}

class Stacking implements LayerSink {
  readonly #image: Image;
  readonly #options: StackOptions;
  readonly #paths: PathTable;
  readonly #entries: (LayerEntries | null)[];
  readonly #readings: LayerReading[];
  readonly #warnings: Warning[];
  readonly #unread = new UnreadParts();
  /** Layers of which a pass other than the index could not read everything. */
  readonly #unreadByOthers = new Set<number>();
  #ledger: Ledger;
  #lastStep = 0;
  /** When the layers were last stacked and how long it took, in milliseconds. */
  #stackedAt = 0;
  #stackingTook = 0;
  /** Layers have been read that the ledger does not cover. */
  #stale = false;
  #complete = false;
  #verifiedAll = false;

  constructor(image: Image, options: StackOptions) {
    this.#image = image;
    this.#options = options;
    this.#paths = tableFor(image, options);
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
    const { layerTask, early, keep, pool, verify, step, signal } = this.#options;
    const watched = step !== undefined;
    this.#step();
    const groups = groupLayers(this.#image.layers);
    const digests = verify === 'now';
    const reading = { paths: this.#paths, pool, digests, watched, early, layerTask, keep, signal };
    const plan = planReading(groups, early);
    // Until the headers of plain layers are read here, others compute their digests.
    const release = plan.packed.length === 0 ? pool.occupy() : () => {};
    await Promise.all([readPlainContents(plan, reading, this), this.#index(plan, reading).finally(release)]);
    this.#complete = true;
    this.#verifiedAll = verify === 'now';
    this.#step();
    if (verify === 'later') {
      const rest = groups.filter(([layer]) => this.#readings[layer.index]!.digest === null);
      await Promise.all(rest.map((group) => digestLayers(group, pool, this)));
      this.#verifiedAll = true;
      this.#step();
    }
    return this.#snapshot();
  }

  async #index(plan: ReadingPlan, reading: ReadOptions): Promise<void> {
    await indexLayers(plan, reading, this);
    if (this.#stale) this.#stack();
    await this.#compareContents();
  }

  progress(group: LayerGroup, stored: number): void {
    for (const layer of group) this.#update(layer, { status: 'reading', progress: stored });
    this.#stackInTurn();
    if (performance.now() - this.#lastStep >= PROGRESS_INTERVAL) this.#step();
  }

  scanned(group: LayerGroup, scan: PlainLayerScan, ids: Uint32Array | null): void {
    const translate = (from: Uint32Array): Uint32Array => (ids === null ? from : from.map((id) => ids[id]!));
    const columns = {
      ...scan.columns,
      path: translate(scan.columns.path),
      whiteoutPath: translate(scan.columns.whiteoutPath),
    };
    for (const layer of group) {
      const { status, unread } = judgeScan(layer, scan);
      this.#entries[layer.index] =
        status === 'opaque' ? null : new LayerEntries(columns, scan.hashes, scan.kept);
      for (const part of unread) this.#unread.add(part);
      this.#update(layer, {
        // Another pass over the layer may have met what this one did not.
        status: status === 'indexed' && this.#unreadByOthers.has(layer.index) ? 'damaged' : status,
        progress: layer.blob.size,
        tarSize: scan.tarSize,
        compression: scan.compression,
      });
      for (const warning of scanWarnings(layer, scan)) this.#warn(warning);
    }
    this.#stale = true;
    this.#stackInTurn();
    this.#step();
  }

  digests(group: LayerGroup, { digest, diffId }: ComputedDigests): void {
    for (const layer of group) {
      const verified = {
        digest: comparable(layer.digest, digest),
        diffId: comparable(layer.diffId, diffId),
      };
      this.#update(layer, { digest, diffId, verified });
    }
    this.#step();
  }

  failed(group: LayerGroup, error: Problem): void {
    for (const layer of group) {
      this.#update(layer, { status: 'damaged' });
      this.#warnings.push(failureWarning(layer, error));
      this.#unread.add(unreadBlob(layer.index, layer.blob, error));
    }
    this.#step();
  }

  unread(group: LayerGroup, lost: readonly Damage[] | Problem): void {
    for (const layer of group) {
      const parts =
        lost instanceof Problem
          ? [unreadBlob(layer.index, layer.blob, lost)]
          : lost.map((damage) => unreadRange(layer.index, layer.blob, damage));
      const { status } = this.#readings[layer.index]!;
      for (const part of parts) {
        if (!this.#unread.add(part)) continue;
        const message = `layer ${layer.index}: ${part.reason}`;
        this.#warn({ code: 'read-error', message, layer: layer.index, member: layer.storedAs });
      }
      this.#unreadByOthers.add(layer.index);
      if (status === 'indexed') this.#update(layer, { status: 'damaged' });
    }
    this.#step();
  }

  /** Two passes over a layer may notice the same. */
  #warn(warning: Warning): void {
    const isSame = ({ layer, message, offset }: Warning): boolean =>
      layer === warning.layer &&
      message === warning.message &&
      (offset === warning.offset || warning.code === 'unreadable');
    if (!this.#warnings.some(isSame)) this.#warnings.push(warning);
  }

  #stack(): void {
    const began = performance.now();
    this.#ledger = buildLedger(this.#paths, this.#entries);
    this.#stackedAt = performance.now();
    this.#stackingTook = this.#stackedAt - began;
    this.#stale = false;
  }

  /** Stacks what has been read for those who look on, unless that was done a moment ago. */
  #stackInTurn(): void {
    if (!this.#stale || this.#options.step === undefined) return;
    const rest = this.#stackingTook / STACKING_SHARE - this.#stackingTook;
    if (performance.now() - this.#stackedAt >= rest) this.#stack();
  }

  /**
   * Compares the contents that the ledger could not tell apart by their sizes, then settles them. A second
   * look at a few files costs less than hashing every file of every layer as it goes by.
   */
  async #compareContents(): Promise<void> {
    const wanted = this.#ledger.unverified;
    if (wanted.length === 0) return;
    const { pool, signal } = this.#options;
    await Promise.all(
      [...placesByLayer(wanted)].map(async ([index, entries]) => {
        const layer = this.#image.layers[index];
        if (layer === undefined || !isStored(layer)) return;
        const lost = await hashContents(layer.blob, this.#ledger.entriesOf(index), entries, pool, signal);
        if (lost !== null) this.unread([layer], lost);
      }),
    );
    this.#ledger = settleContents(this.#ledger);
  }

  #update(layer: ImageLayer, change: Partial<LayerReading>): void {
    this.#readings[layer.index] = { ...this.#readings[layer.index]!, ...change };
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
      unread: this.#unread,
    };
  }
}

/** Layers that are read on this thread go straight into the image's table, unless someone looks on. */
function tableFor(image: Image, { keep, step }: StackOptions): PathTable {
  const blobs = image.layers.flatMap(({ blob }) => blob ?? []);
  const isTaken = (blob: Extent): boolean => step === undefined && (keep === undefined || isPlain(blob));
  const taken = blobs.filter(isTaken).reduce((sum, { size }) => sum + size, 0);
  return tableForTars(taken, expectedEntries(storedBytes(image)));
}

/** Null where there is nothing to hold against each other, or in an algorithm that is not computed. */
function comparable(declared: string | null, computed: string | null): boolean | null {
  if (declared === null || computed === null) return null;
  return declared.startsWith('sha256:') ? declared === computed : null;
}
