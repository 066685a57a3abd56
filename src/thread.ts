import { workerData } from 'node:worker_threads';
import { THREAD_MARK } from './layer/thread-mark.ts';
import { serveJobs } from './layer/worker.ts';
import { provideSecretsTask } from './secrets/scan/provide-task.ts';

if (workerData === THREAD_MARK) {
  provideSecretsTask();
  serveJobs();
}
