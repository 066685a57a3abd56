import { parentPort } from 'node:worker_threads';
import { Problem, type ProblemCode, type ProblemPlace } from '../problem.ts';
import { type LayerJob, type LayerJobResult, resultTransferables, runJob } from './job.ts';

/** A message from a worker. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly storedBytes: number }
  | { readonly kind: 'result'; readonly result: LayerJobResult }
  | {
      readonly kind: 'problem';
      readonly code: ProblemCode | null;
      readonly message: string;
      readonly place: ProblemPlace;
      readonly stack: string | undefined;
    };

/** Stored bytes between two progress messages. */
const PROGRESS_STEP = 4 << 20;

/** Runs jobs for the thread that started this one, one at a time. */
export function serveJobs(): void {
  const port = parentPort;
  if (port === null) return;
  const send = (message: WorkerMessage, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  port.on('message', (job: LayerJob) => {
    let told = 0;
    const progress = (storedBytes: number): void => {
      if (storedBytes - told < PROGRESS_STEP) return;
      told = storedBytes;
      send({ kind: 'progress', storedBytes });
    };
    runJob(job, undefined, progress).then(
      (result) => send({ kind: 'result', result }, resultTransferables(job, result)),
      (error: unknown) => {
        const problem = error instanceof Problem ? error : null;
        send({
          kind: 'problem',
          code: problem?.code ?? null,
          message: error instanceof Error ? error.message : String(error),
          place: problem?.place ?? {},
          stack: error instanceof Error ? error.stack : undefined,
        });
      },
    );
  });
}
