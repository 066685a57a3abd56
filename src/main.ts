import { workerData } from 'node:worker_threads';
import { THREAD_MARK } from './layer/thread-mark.ts';

// The built program is one file: this process and its threads begin here, and load only what they need.
if (workerData === THREAD_MARK) await import('./thread.ts');
else await (await import('./program.ts')).runProgram();
