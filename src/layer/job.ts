import type { Extent } from '../bytes/source.ts';
import { type BlobDigests, digestBlob } from './digest-blob.ts';
import { type EntryHashes, type EntryPlace, hashEntries } from './hash-entries.ts';
import type { ContentHashes } from './index-columns.ts';
import { type LayerScan, type OwnThread, type ScanOptions, scanLayer, scanTransferables } from './scan.ts';

/** Work on one layer that can run on any thread. */
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

/** The name of a task and its input. */
export interface TaskCall {
  /** Name of a task registered with {@link provideTask} on the thread that runs the job. */
  readonly task: string;
  /** Plain data for the task. */
  readonly input: unknown;
}

/** Receives the bytes of one layer's tar, in order. */
export interface TarListener {
  /** Takes the next piece. Its buffer may be reused afterwards. */
  plain(chunk: Uint8Array): void;
  /** @returns plain data: what running the whole task would have returned */
  end(): unknown;
}

/** Work on a layer's bytes that a higher room defines and that runs on this room's threads. */
export interface TaskModule {
  /** Does the same work on a tar that the caller decompresses. */
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
 * Registers a task on this thread. Higher rooms call it, because this room does not depend on them.
 * @param load called when the task is first needed, because its module may be large
 */
export function provideTask(name: string, load: () => Promise<TaskModule>): void {
  tasks.set(name, load);
}

/** The index of a layer, and the result of the task; null if there is no task. */
export type ScanResult = LayerScan & { readonly taskResult: unknown };

/** The result of each kind of job. */
export interface LayerJobResults {
  readonly scan: ScanResult;
  readonly hash: EntryHashes;
  readonly digest: BlobDigests;
  readonly task: unknown;
}

export type LayerJobResult = LayerJobResults[LayerJob['kind']];

/**
 * Runs a job on this thread.
 * @param own set if this thread waits for the result and has nothing else to do: it then inflates by itself
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
  if (load === undefined) throw new Error(`unknown task: ${task}`);
  return load();
}

/** Returns the arrays of a result that can be transferred to another thread. */
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
