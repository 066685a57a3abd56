import type { Extent } from '../bytes/source.ts';
import { type BlobDigests, digestBlob } from './digest-blob.ts';
import { type EntryHashes, type EntryPlace, hashEntries } from './hash-entries.ts';
import type { ContentHashes } from './index-columns.ts';
import { type LayerScan, type OwnThread, type ScanOptions, scanLayer, scanTransferables } from './scan.ts';

/** Work on one layer that can be done on any thread. */
export type LayerJob =
  | {
      readonly kind: 'scan';
      readonly extent: Extent;
      readonly options: ScanOptions;
      /** Task that receives the bytes of the tar in the same pass. */
      readonly task?: TaskCall | undefined;
    }
  | { readonly kind: 'hash'; readonly extent: Extent; readonly places: readonly EntryPlace[] }
  | { readonly kind: 'digest'; readonly extent: Extent }
  | ({ readonly kind: 'task'; readonly extent: Extent } & TaskCall);

/** A task by its name, and what it is given. */
export interface TaskCall {
  /** Name of a task that was given to {@link provideTask}, on the thread where the job is done. */
  readonly task: string;
  /** Plain data for the task. */
  readonly input: unknown;
}

/** Is given the bytes of one layer's tar in their order. */
export interface TarListener {
  /** Takes the next piece, which may be reused afterwards. */
  plain(chunk: Uint8Array): void;
  /** @returns plain data: what the whole task would have given */
  end(): unknown;
}

/** Work that a room above does with a layer's bytes, on this room's threads. */
export interface TaskModule {
  /** The same work on a tar that somebody else decompresses. */
  readonly listen: (input: unknown) => TarListener;
  readonly runTask: (
    extent: Extent,
    input: unknown,
    signal: AbortSignal | undefined,
    progress: ((storedBytes: number) => void) | undefined,
  ) => Promise<unknown>;
}

const tasks = new Map<string, () => Promise<TaskModule>>();

/**
 * Makes a task known on this thread. Rooms above call it, since this one knows nothing of them.
 * @param load called when the task is first needed: what it loads may be large
 */
export function provideTask(name: string, load: () => Promise<TaskModule>): void {
  tasks.set(name, load);
}

/** The index of a layer, and the result of the task; null if there is no task. */
export type ScanResult = LayerScan & { readonly taskResult: unknown };

/** What each kind of job gives. */
export interface LayerJobResults {
  readonly scan: ScanResult;
  readonly hash: EntryHashes;
  readonly digest: BlobDigests;
  readonly task: unknown;
}

export type LayerJobResult = LayerJobResults[LayerJob['kind']];

/**
 * Does a job on this thread.
 * @param own given where the thread is the one that wants it, and has nothing else to do: it inflates itself
 */
export async function runJob(
  job: LayerJob,
  signal?: AbortSignal,
  progress?: (storedBytes: number) => void,
  own?: OwnThread,
): Promise<LayerJobResult> {
  switch (job.kind) {
    case 'scan': {
      const listener = job.task === undefined ? null : (await taskOf(job.task)).listen(job.task.input);
      const scan = await scanLayer(job.extent, { ...job.options, own }, signal, progress, listener);
      return { ...scan, taskResult: listener?.end() ?? null };
    }
    case 'hash':
      return hashEntries(job.extent, job.places, signal);
    case 'digest':
      return digestBlob(job.extent, signal, progress, own === undefined ? undefined : true);
    case 'task':
      return (await taskOf(job)).runTask(job.extent, job.input, signal, progress);
  }
}

async function taskOf({ task }: TaskCall): Promise<TaskModule> {
  const load = tasks.get(task);
  if (load === undefined) throw new Error(`no task is called ${task}`);
  return load();
}

/** The arrays of a result that can move to another thread. */
export function resultTransferables(job: LayerJob, result: LayerJobResult): ArrayBuffer[] {
  switch (job.kind) {
    case 'scan':
      return scanTransferables(result as LayerScan);
    case 'hash': {
      const hashes = result as ContentHashes;
      return [hashes.entries.buffer as ArrayBuffer, hashes.sha256.buffer as ArrayBuffer];
    }
    case 'digest':
    case 'task':
      return [];
  }
}
