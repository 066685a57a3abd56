import { removeSpools } from './bytes/spool.ts';
import { runCli } from './commands/cli.ts';

/** Exit statuses of a program that a signal ended, as shells count them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Runs the command line of this process; its exit status is left in `process.exitCode`. */
export async function runProgram(): Promise<void> {
  const controller = new AbortController();
  process.on('exit', removeSpools);
  for (const [signal, status] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      controller.abort();
      process.exit(status);
    });
  }
  // A reader that has gone away (`| head`) is no error.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    const reason = error.code === 'ENOSPC' ? 'the disk is full' : error.message;
    process.stderr.write(`exhume: cannot write standard output: ${reason}\n`, () => process.exit(3));
  });
  process.exitCode = await runCli(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: controller.signal,
  });
}
