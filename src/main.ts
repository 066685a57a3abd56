import { workerData } from 'node:worker_threads';
import { THREAD_MARK } from './layer/thread-mark.ts';

// The built program is one file. The main thread and the workers both start here and load only what they need.
if (workerData === THREAD_MARK) await import('./thread.ts');
else await (await import('./program.ts')).runProgram();
