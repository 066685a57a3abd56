import module from 'node:module';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Problem } from '../problem.ts';
import { type LayerJob, type LayerJobResult, type LayerJobResults, runJob } from './job.ts';
import { THREAD_MARK } from './thread-mark.ts';
import type { PathTable } from './path-table.ts';
import type { WorkerMessage } from './worker.ts';

interface Waiting {
  readonly job: LayerJob;
  readonly progress: ((storedBytes: number) => void) | undefined;
  readonly paths: PathTable | undefined;
  resolve(result: LayerJobResult): void;
  reject(error: Error): void;
}

/** Blobs of so many bytes in all are done before a thread has started. */
const DONE_HERE = 2 << 20;
/** More threads than this do not help: inflating is bound by memory then. */
const MAX_THREADS = 8;

/** Whether the caller's thread does jobs, too: a screen wants it for itself, a command only waits. */
export type CallersThread = 'helps' | 'free';

/**
 * Does layer jobs on worker threads, which start when there is work for them and end with
 * {@link close}. With no threads the jobs run here.
 */
export class LayerPool {
  /** How many jobs are done at once at most. */
  readonly lanes: number;
  readonly #threads: number;
  readonly #helps: boolean;
  #occupied = false;
  #busyHere = false;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  readonly #queue: Waiting[] = [];
  #closed = false;
  readonly #closing = new AbortController();

  /**
   * A pool for work on blobs of so many bytes in all: for little of it no thread is started.
   * @param bytes as stored
   */
  static for(bytes: number, callers: CallersThread): LayerPool {
    return new LayerPool(bytes <= DONE_HERE ? 0 : undefined, callers);
  }

  /** @param threads how many at most besides a caller's that helps; 0 for none */
  constructor(threads?: number, callers: CallersThread = 'free') {
    this.#helps = callers === 'helps';
    const cores = Math.min(availableParallelism(), MAX_THREADS);
    this.#threads = threads ?? (this.#helps ? cores - 1 : cores);
    this.lanes = Math.max(1, this.#threads + (this.#helps ? 1 : 0));
  }

  /**
   * Does a job.
   * @param paths the caller's table: a scan that is done on its thread puts its paths there
   * @throws Problem as the job does; `cancelled` when the pool is closed first
   */
  async run<K extends LayerJob['kind']>(
    job: LayerJob & { readonly kind: K },
    progress?: (storedBytes: number) => void,
    paths?: PathTable,
  ): Promise<LayerJobResults[K]> {
    if (this.#closed) throw new Problem('cancelled', 'cancelled');
    if (this.#threads === 0) return (await this.#runHere({ job, progress, paths })) as LayerJobResults[K];
    return new Promise<LayerJobResult>((resolve, reject) => {
      this.#queue.push({ job, progress, paths, resolve, reject });
      this.#dispatch();
    }) as Promise<LayerJobResults[K]>;
  }

  /** Starts threads now for so many jobs that will come. */
  prepare(jobs: number): void {
    const wanted = Math.min(this.#threads, this.#helps ? jobs - 1 : jobs);
    while (!this.#closed && this.#all.size < wanted) this.#idle.push(this.#start());
  }

  /** The caller's thread has work of its own and takes no jobs until the function given back is called. */
  occupy(): () => void {
    this.#occupied = true;
    return () => {
      this.#occupied = false;
      this.#dispatch();
    };
  }

  /** Ends the threads. Jobs under way are rejected as cancelled. */
  close(): void {
    this.#closed = true;
    this.#closing.abort();
    for (const waiting of this.#queue.splice(0)) waiting.reject(new Problem('cancelled', 'cancelled'));
    for (const worker of this.#all) void worker.terminate();
    this.#all.clear();
    this.#idle.length = 0;
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      // This thread is at work at once; one that has to be started takes a while.
      if (this.#helps && !this.#busyHere && !this.#occupied) this.#help(this.#queue.shift()!);
      else {
        const worker = this.#idle.pop() ?? (this.#all.size < this.#threads ? this.#start() : null);
        if (worker === null) return;
        this.#give(worker, this.#queue.shift()!);
      }
    }
  }

  #help(waiting: Waiting): void {
    this.#busyHere = true;
    const next = (): void => {
      this.#busyHere = false;
      this.#dispatch();
    };
    this.#runHere(waiting).then(waiting.resolve, waiting.reject).finally(next);
  }

  #runHere({ job, progress, paths }: Pick<Waiting, 'job' | 'progress' | 'paths'>): Promise<LayerJobResult> {
    return runJob(job, this.#closing.signal, progress, this.#helps ? { paths } : undefined);
  }

  #start(): Worker {
    const worker = startThread();
    // An idle thread must not keep the program from ending.
    worker.unref();
    this.#all.add(worker);
    return worker;
  }

  #give(worker: Worker, waiting: Waiting): void {
    const finish = (): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      worker.unref();
    };
    const onMessage = (message: WorkerMessage): void => {
      if (message.kind === 'progress') {
        waiting.progress?.(message.storedBytes);
        return;
      }
      finish();
      this.#idle.push(worker);
      if (message.kind === 'result') waiting.resolve(message.result);
      else waiting.reject(revive(message));
      this.#dispatch();
    };
    const onError = (error: unknown): void => {
      finish();
      this.#all.delete(worker);
      waiting.reject(error instanceof Error ? error : new Error(String(error)));
      this.#dispatch();
    };
    const onExit = (): void => onError(new Problem('cancelled', 'cancelled'));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.ref();
    worker.postMessage(waiting.job);
  }
}

function revive(message: WorkerMessage & { kind: 'problem' }): Error {
  if (message.code !== null) return new Problem(message.code, message.message, message.place);
  const error = new Error(message.message);
  if (message.stack !== undefined) error.stack = message.stack;
  return error;
}

/**
 * What a thread starts from: the built program is one file, which sees by {@link THREAD_MARK} what it is to
 * be; among the sources it is a file of its own. Compiled code is shared with it, which Node does not do of
 * itself (`module.enableCompileCache`, "only in the current instance").
 */
function startThread(): Worker {
  const { url } = import.meta;
  const entry = url.endsWith('.ts') ? new URL('../thread.ts', url) : new URL(url);
  const cache = module.getCompileCacheDir?.();
  const env = cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: cache };
  return new Worker(entry, { workerData: THREAD_MARK, env });
}
