import { isMainThread } from 'node:worker_threads';
import { removeSpools } from './bytes/spool.ts';
import './layer/worker.ts';

/** Exit statuses of a program that a signal ended, as shells count them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

async function main(): Promise<void> {
  const controller = new AbortController();
  process.on('exit', removeSpools);
  for (const [signal, status] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      controller.abort();
      process.exit(status);
    });
  }
  // A reader that has gone away (`| head`) is no error.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));
  }
  // Loaded here, so that a worker thread, which starts with this same file, does without it.
  const { runCli } = await import('./commands/cli.ts');
  process.exitCode = await runCli(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: controller.signal,
  });
}

// The worker threads load this same file; layer/worker.ts knows what they are for.
if (isMainThread) await main();
